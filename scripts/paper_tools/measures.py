"""The study's numbers, as means over the seeds, from the rows of its CSV files."""

from __future__ import annotations

import csv
import statistics
from dataclasses import dataclass
from pathlib import Path

from .federations import data_sets
from .methods import METHODS
from .study import GRID_SHOTS, best_rate

Row = dict[str, str]

_SETS = data_sets(Path())
# The order of a study's data sets, splits and methods, whatever the order in which they ran.
_ORDER = {
    name: index
    for index, name in enumerate(
        [
            *(data.name for data in _SETS),
            *dict.fromkeys(split for data in _SETS for split in data.splits),
            *(method.name for method in METHODS),
        ]
    )
}
_LATER = {method.name for method in METHODS if method.later}


@dataclass(frozen=True)
class Mean:
    """A mean over seeds, and the standard deviation of a sample if there are two seeds or more."""

    value: float
    deviation: float | None

    @staticmethod
    def of(values: list[float]) -> Mean:
        return Mean(statistics.fmean(values), statistics.stdev(values) if len(values) > 1 else None)


class Measures:
    """Looks numbers up by part, data set, split, base, variant and method."""

    def __init__(self, folder: Path) -> None:
        self.parts = {file.stem: _read(file) for file in sorted(folder.glob("*.csv"))}
        # Those of the scenarios beside the study.
        self.sweeps = {file.parent.name: _read(file) for file in sorted(folder.parent.glob("*/summary.csv"))}
        # A study that is not finished may lack seeds.
        self._seeds = len({row["seed"] for rows in self.parts.values() for row in rows if "seed" in row})
        self._runs: dict[tuple[str, ...], dict[str, list[Row]]] = {}
        for part, rows in self.parts.items():
            if rows and "round" in rows[0]:
                for row in rows:
                    key = (part, *(row[name] for name in ("data", "split", "base", "variant", "method")))
                    self._runs.setdefault(key, {}).setdefault(row["seed"], []).append(row)

    def keys(self, part: str, *names: str) -> list[tuple[str, ...]]:
        """The distinct values of some columns of a part, in the study's order, and in the file's where it has none."""
        keys = dict.fromkeys(tuple(row[name] for name in names) for row in self.parts.get(part, []))
        return sorted(keys, key=lambda key: [_ORDER.get(value, len(_ORDER)) for value in key])

    def papers(self, part: str) -> list[str]:
        """The methods of a part that the FLORA paper compares, without those of later papers."""
        return [method for (method,) in self.keys(part, "method") if method not in _LATER]

    def runs(
        self, part: str, data: str, split: str, method: str, base: str = "nano", variant: str = ""
    ) -> list[list[Row]]:
        """The versions of each seed's run, from row 0; none if seeds are lacking."""
        runs = self._runs.get((part, data, split, base, variant, method), {})
        if len(runs) < self._seeds:
            return []
        return [sorted(rows, key=lambda row: int(row["round"])) for rows in runs.values()]

    def last(self, column: str, *run: str, **named: str) -> Mean | None:
        """A column of the last version."""
        return self._at(-1, column, *run, **named)

    def first(self, column: str, *run: str, **named: str) -> Mean | None:
        """A column before training."""
        return self._at(0, column, *run, **named)

    def _at(self, index: int, column: str, *run: str, **named: str) -> Mean | None:
        values = [rows[index][column] for rows in self.runs(*run, **named)]
        return Mean.of([float(value) for value in values]) if values and all(values) else None

    def best_of(self, column: str, part: str, data: str, split: str) -> tuple[str, float]:
        """Of the paper's methods the one with the best mean of a column of the last version, and that mean."""
        means = {
            method: mean.value
            for method in self.papers(part)
            if (mean := self.last(column, part, data, split, method)) is not None
        }
        best = max(means, key=lambda method: means[method])
        return best, means[best]

    def splits_of(self, *methods: str) -> list[tuple[str, str]]:
        """The data sets and splits that have runs of these methods, or of all of the paper's."""
        wanted = methods or tuple(self.papers("splits"))
        return [
            (data, split)
            for data, split in self.keys("splits", "data", "split")
            if all(self.runs("splits", data, split, method) for method in wanted)
        ]

    def target(self, way: float, data: str, split: str) -> float:
        """The accuracy that is part of the way from that before training to the best of the paper's in the end."""
        start = self.first("accuracy", "splits", data, split, "flora")
        assert start is not None
        return start.value + way * (self.best_of("accuracy", "splits", data, split)[1] - start.value)

    def to_target(self, column: str, way: float, data: str, split: str, method: str) -> Mean | None:
        """What a column was at each seed's first tested version with the target; none if a seed did not reach it."""
        target = self.target(way, data, split)
        reached = [
            next((float(row[column]) for row in rows if float(row["accuracy"]) >= target), None)
            for rows in self.runs("splits", data, split, method)
        ]
        return Mean.of([each for each in reached if each is not None]) if reached and None not in reached else None

    def rate(self, data: str, split: str, method: str) -> tuple[str, bool] | None:
        """The learning rate of the study's own splits, and whether it is at an edge of its grid."""
        variant = f"{GRID_SHOTS} shots" if split == "few-shot" else ""
        rows = [
            row
            for row in self.parts.get("learning-rates", [])
            if (row["data"], row["split"], row["base"], row["variant"], row["method"])
            == (data, split, "nano", variant, method)
        ]
        if not rows:
            return None
        rates = sorted(float(row["learning_rate"]) for row in rows)
        chosen = best_rate(rows)["learning_rate"]
        return chosen, float(chosen) in (rates[0], rates[-1])


def swept(row: Row) -> str:
    """The swept values that identify a row's combination in the summary of a sweep."""
    return ", ".join(value.strip("{}").removeprefix("kind: ") for key, value in row.items() if key.startswith("sweep:"))


def _read(file: Path) -> list[Row]:
    with file.open(newline="") as lines:
        return list(csv.DictReader(lines))
