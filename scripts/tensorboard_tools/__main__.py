"""The command line of scripts/check-tensorboard."""

import csv
import json
import math
import pathlib
import sys
from collections import defaultdict

import numpy
from tensorboard.backend.event_processing import event_accumulator
from tensorboard.plugins.hparams import metadata

NAMES = {"method", "seed", "round"}
OUTCOMES = {"test_accuracy", "test_loss", "train_loss"}


def main() -> int:
    faults = 0
    for folder in map(pathlib.Path, sys.argv[1:]):
        runs = sorted(file.parent for file in folder.rglob("rounds.csv"))
        if not runs:
            print(f"{folder}: there is no rounds.csv", file=sys.stderr)
            return 2
        for run in runs:
            for method, rows in methods(run).items():
                scalars, parameters, found = compare(run, method, rows)
                for fault in found:
                    print(f"{run} {method}: {fault}", file=sys.stderr)
                faults += len(found)
                print(f"{run} {method}: {scalars} scalars equal, {parameters} hyper-parameters")
    return 1 if faults else 0


def methods(run: pathlib.Path) -> dict[str, list[dict[str, str]]]:
    rows = defaultdict(list)
    with (run / "rounds.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            rows[row["method"]].append(row)
    return rows


def expected(rows: list[dict[str, str]]) -> dict[str, list[tuple[int, float, numpy.float32]]]:
    """The points of each tag: step, time and value."""
    points = defaultdict(list)
    for row in rows:
        time = row["virtual_time_s"]
        nanoseconds = int(time.replace(".", ""))
        steps = {
            "by_round": int(row["round"]),
            "by_bytes": int(row["cumulative_bytes"]),
            "by_virtual_time_ms": nanoseconds // 1_000_000,
        }
        for column, text in row.items():
            if column in NAMES or not text:
                continue
            for axis, step in steps.items():
                if axis == "by_round" or column in OUTCOMES:
                    points[f"{axis}/{column}"].append((step, float(time), numpy.float32(text)))
    return points


def compare(run: pathlib.Path, method: str, rows: list[dict[str, str]]) -> tuple[int, int, list[str]]:
    folder = run / "tensorboard" / method
    everything = {kind: 0 for kind in event_accumulator.DEFAULT_SIZE_GUIDANCE}
    log = event_accumulator.EventAccumulator(str(folder), size_guidance=everything)
    log.Reload()
    wanted = expected(rows)
    found = set(log.Tags()["scalars"])
    faults = [f"tags differ: {sorted(found ^ set(wanted))}"] if found != set(wanted) else []
    equal = 0
    for tag in found & set(wanted):
        points = [(event.step, event.wall_time, numpy.float32(event.value)) for event in log.Scalars(tag)]
        same = len(points) == len(wanted[tag]) and all(
            a[:2] == b[:2] and (a[2] == b[2] or math.isnan(a[2]) and math.isnan(b[2]))
            for a, b in zip(points, wanted[tag])
        )
        if not same:
            faults.append(f"{tag}: {points} instead of {wanted[tag]}")
        equal += len(points) if same else 0
    parameters = hyperparameters(log)
    if (run / "manifest.json").exists():
        scenario = json.loads((run / "manifest.json").read_text())["scenario"]
        settings = next(entry for entry in scenario["methods"] if entry["name"] == method)
        for name, value in (
            ("seed", scenario["seed"]),
            ("server.cohort", scenario["server"]["cohort"]),
            ("method.kind", settings["kind"]),
            ("method.training.batch_size", settings["training"]["batchSize"]),
        ):
            if parameters.get(name) != value:
                faults.append(f"hyper-parameter {name}: {parameters.get(name)!r} instead of {value!r}")
    return equal, len(parameters), faults


def hyperparameters(log: event_accumulator.EventAccumulator) -> dict[str, object]:
    try:
        contents = log.PluginTagToContent(metadata.PLUGIN_NAME)
    except KeyError:
        return {}
    if metadata.SESSION_START_INFO_TAG not in contents:
        return {}
    start = metadata.parse_session_start_info_plugin_data(contents[metadata.SESSION_START_INFO_TAG])
    return {name: getattr(value, value.WhichOneof("kind")) for name, value in start.hparams.items()}


if __name__ == "__main__":
    sys.exit(main())
