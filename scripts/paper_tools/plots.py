"""The study's figures, drawn by gnuplot from its files."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from .markdown import percent
from .measures import Measures
from .study_tables import base_line, compared_bases

# Distinct also to the colour-blind (Okabe and Ito), with a mark for each.
_COLOURS = ["#d55e00", "#e69f00", "#999999", "#0072b2", "#56b4e9", "#009e73", "#cc79a7", "#000000"]
_MARKS = [7, 9, 2, 5, 4, 13, 11, 6]


def draw(measures: Measures, folder: Path) -> None:
    """Writes the figures of the parts that have run; without gnuplot, says that they are left as they are."""
    if shutil.which("gnuplot") is None:
        print("gnuplot is missing, so the figures are left as they are.", file=sys.stderr)
        return
    if measures.parts.get("splits"):
        _gnuplot(by_bytes(measures, folder / "accuracy-by-bytes.svg"))
    if measures.parts.get("bases"):
        _gnuplot(by_base(measures, folder / "bases.svg"))


def by_bytes(measures: Measures, file: Path) -> str:
    """Accuracy against bytes of the paper's methods, a panel for each data set, on its IID split."""
    sets = [data for data, split in measures.keys("splits", "data", "split") if split == "iid"]
    methods = measures.papers("splits")
    commands = [
        f'set terminal svg size 900,{60 + 360 * ((len(sets) + 1) // 2)} font "sans-serif,12" background "#ffffff"',
        f'set output "{file}"',
        f"set multiplot layout {(len(sets) + 1) // 2},2",
        'set logscale x; set format x "10^{%T}"; set xrange [1e4:2e9]; set grid',
        'set ylabel "accuracy, %"',
        "set key outside below horizontal font ',9' samplen 1",
    ]
    for data in sets:
        curves, lines = [], []
        for index, method in enumerate(methods):
            points = _curve(measures, data, method)
            if points:
                commands += [f"${method} << END", *points, "END"]
                style = f"lc rgb '{_COLOURS[index % 8]}' pt {_MARKS[index % 8]} ps 0.6"
                curves.append(f"${method} with linespoints {style} title '{method}'")
        start = measures.first("accuracy", "splits", data, "iid", methods[0])
        assert start is not None
        lines.append(f"{100 * start.value} with lines dashtype 2 lc rgb '#555555' title 'before training'")
        commands += [
            f"set title '{data}, iid: bytes of all clients'",
            "plot " + ", ".join(curves + lines),
            *(f"undefine ${each}" for each in methods),
        ]
    return "\n".join([*commands, "unset multiplot", ""])


def _curve(measures: Measures, data: str, method: str) -> list[str]:
    """Bytes and mean accuracy of each tested version but the untrained one, which has cost nothing."""
    runs = measures.runs("splits", data, "iid", method)
    versions = zip(*(run[1:] for run in runs), strict=True)
    return [
        f"{statistics.fmean(float(row['bytes']) for row in rows)} "
        f"{100 * statistics.fmean(float(row['accuracy']) for row in rows)}"
        for rows in versions
    ]


def by_base(measures: Measures, file: Path) -> str:
    """Accuracy before training, with flora and with full fine-tuning by base, a panel for each data set."""
    sets = [data for (data,) in measures.keys("bases", "data") if compared_bases(measures, data)]
    commands = [
        f'set terminal svg size 900,{40 + 320 * ((len(sets) + 1) // 2)} font "sans-serif,12" background "#ffffff"',
        f'set output "{file}"',
        f"set multiplot layout {(len(sets) + 1) // 2},2",
        'set grid; set ylabel "accuracy, %"; set xlabel "base"; set key outside below horizontal font ",9" samplen 1',
        "set yrange [0:100]; set xrange [-0.3:*]",
        "set offsets 0, 0.3, 0, 0",
    ]
    names = ["before training", "flora", "fedfft"]
    for data in sets:
        bases = compared_bases(measures, data)
        lines = [base_line(measures, data, base) for base in bases]
        tics = ", ".join(f"'{base}' {index}" for index, base in enumerate(bases))
        curves = []
        for column, name in enumerate(names):
            block = f"$series{column}"
            commands += [
                f"{block} << END",
                *(f"{i} {percent(each[column]).split()[0]}" for i, each in enumerate(lines)),
                "END",
            ]
            colour = ["#555555", _COLOURS[0], _COLOURS[7]][column]
            curves.append(f"{block} with linespoints lc rgb '{colour}' pt {_MARKS[column]} title '{name}'")
        commands += [f"set xtics ({tics})", f"set title '{data}'", "plot " + ", ".join(curves)]
    return "\n".join([*commands, "unset multiplot", ""])


def _gnuplot(commands: str) -> None:
    subprocess.run(["gnuplot"], input=commands, text=True, check=True)
