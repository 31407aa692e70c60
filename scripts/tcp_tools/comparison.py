"""Compares measured TCP transfers with simulated ones."""

import csv
from collections import defaultdict

from .transfers import Kind, durations, scenario


def rows(file):
    with open(file, newline="") as table:
        return list(csv.DictReader(table))


def transport(kind, loss=0.0, queue=1.0, fields=""):
    if kind == "fluid":
        return "fluid"
    return f"{{ kind: tcp, loss: {100 * loss!r} %, queue: {queue}{fields} }}"


def single(flora, measured, draws):
    """(experiment, loss, bytes, direction) -> the errors of all its cells, for each transport."""
    groups = defaultdict(list)
    for row in measured:
        key = (row["experiment"], float(row["loss"]), int(row["bytes"]), row["direction"])
        groups[key].append(row)
    errors = {}
    for (experiment, loss, size, direction), cells in sorted(groups.items()):
        queue = 1.0 if experiment == "main" else float(experiment.removeprefix("buffer"))
        kinds = [
            Kind(float(row["rate_mbps"]), float(row["rtt_ms"]), draws if loss else 1) for row in cells
        ]
        column = "transfer_mean_s" if loss else "transfer_median_s"
        for name in ("fluid", "tcp"):
            seconds = durations(flora, scenario(kinds, size, transport(name, loss, queue)), direction)
            errors[experiment, loss, size, direction, name] = [
                abs(sum(seconds[index]) / len(seconds[index]) / float(row[column]) - 1)
                for index, row in enumerate(cells)
            ]
    return errors


def shared(flora, measured, transports):
    """(queue, flows, loss, transport) -> errors of the class means and of the last transfers."""
    groups = defaultdict(list)
    for row in measured:
        if "+" in row["experiment"]:
            continue
        key = (row["experiment"], row["direction"], row["mix"], int(row["flows"]), int(row["bytes"]), float(row["loss"]))
        groups[key].append(row)
    means, lasts = defaultdict(list), defaultdict(list)
    for (experiment, direction, mix, flows, size, loss), cells in sorted(groups.items()):
        if flows == 1:
            continue
        transfers = sum(int(row["transfers"]) for row in cells)
        kinds = [
            Kind(
                float(row["rate_mbps"]),
                float(row["rtt_ms"]),
                round(flows * int(row["transfers"]) / transfers),
            )
            for row in cells
        ]
        runs = 10 if loss else 1
        for name, form in transports.items():
            seconds = defaultdict(list)
            last = []
            for seed in range(runs):
                text = scenario(kinds, size, form(loss), 100, seed=seed)
                part = durations(flora, text, direction)
                last.append(max(max(values) for values in part.values()))
                for index, values in part.items():
                    seconds[index] += values
            key = (experiment, flows, loss, name)
            for index, row in enumerate(cells):
                mean = sum(seconds[index]) / len(seconds[index])
                means[key].append(abs(mean / float(row["transfer_mean_s"]) - 1))
            worst = max(float(row["transfer_max_s"]) for row in cells)
            lasts[key].append(abs(sum(last) / len(last) / worst - 1))
    return means, lasts
