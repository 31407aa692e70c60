"""Loads the folder of a run or of a sweep."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from .errors import ResultsError
from .manifest import Manifest
from .tables import SWEPT, read_table


class Run:
    """The results of a run. Tables are loaded on first access.

    An interrupted run has `rounds`, `tasks` and `fleet` so far; everything else raises `ResultsError`.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        """Opens a folder that has rounds.csv.

        Raises:
            ResultsError: The folder does not hold a run.
        """
        self.folder = Path(folder)
        if (self.folder / "sweep.csv").exists():
            raise ResultsError(f"{self.folder} holds a sweep, not a run; use load_sweep")
        if not (self.folder / "rounds.csv").exists():
            raise ResultsError(f"{self.folder} does not hold a run: it has no rounds.csv")

    def __repr__(self) -> str:
        return f"Run({str(self.folder)!r})"

    @property
    def is_finished(self) -> bool:
        """Whether the run has finished."""
        return (self.folder / "manifest.json").exists()

    @cached_property
    def rounds(self) -> pd.DataFrame:
        """rounds.csv: a row for each evaluated server version of each method."""
        return read_table(self.folder / "rounds.csv")

    @cached_property
    def tasks(self) -> pd.DataFrame:
        """tasks.csv: a row for each task. Raises ResultsError if the scenario has `report.tasks: none`."""
        return read_table(self.folder / "tasks.csv")

    @cached_property
    def edges(self) -> pd.DataFrame:
        """edges.csv: a row for each edge and version of the cloud. Raises ResultsError without `server.topology`."""
        return read_table(self.folder / "edges.csv")

    @cached_property
    def clients(self) -> pd.DataFrame:
        """clients.csv: a row for each client and version tested. Raises ResultsError without `evaluation.per_client`."""
        return read_table(self.folder / "clients.csv")

    @cached_property
    def summary(self) -> pd.DataFrame:
        """summary.csv: a row for each method."""
        return self._final("summary.csv")

    @cached_property
    def participants(self) -> pd.DataFrame:
        """participants.csv: which device classes have insufficient memory for each method."""
        return self._final("participants.csv")

    @cached_property
    def missing_data(self) -> pd.DataFrame:
        """missing_data.csv: which training data is missing because of these devices."""
        return self._final("missing_data.csv")

    @cached_property
    def fleet(self) -> pd.DataFrame:
        """fleet.csv: the sampled devices."""
        return read_table(self.folder / "fleet.csv")

    @cached_property
    def manifest(self) -> Manifest:
        """manifest.json: the inputs and settings that produced the run."""
        return Manifest.read(self.folder / "manifest.json")

    @property
    def methods(self) -> list[str]:
        """The methods' names, in the scenario's order."""
        return [str(name) for name in self.rounds["method"].cat.categories]

    def metrics(self, method: str) -> Iterator[tuple[int, dict[str, float]]]:
        """The rows of a method in rounds.csv, for trackers such as MLflow and Weights & Biases.

        Yields:
            The round, and the numbers of its row by column; fields without a finite number are omitted.
        """
        rows = self.rounds[self.rounds["method"] == method].drop(columns=["method", "seed", "round"])
        steps = self.rounds.loc[rows.index, "round"]
        for step, row in zip(steps, rows.astype("float64").to_dict("records")):
            yield int(step), {str(name): value for name, value in row.items() if abs(value) < float("inf")}

    def parameters(self, method: str) -> dict[str, str | int | float | bool]:
        """The settings of a method and of the run, from the manifest, by dotted keys such as `server.cohort`.

        Lists are JSON text. Raises KeyError if the scenario has no such method.
        """
        scenario = dict(self.manifest.scenario)
        settings = {entry["name"]: entry for entry in scenario.pop("methods")}
        return _flat({**scenario, "method": settings[method], "flora_version": self.manifest.flora_version})

    def _final(self, name: str) -> pd.DataFrame:
        if not (self.folder / name).exists() and not self.is_finished:
            raise ResultsError(f"{self.folder / name}: file not found; the run has not finished")
        return read_table(self.folder / name)


def _flat(value: Any, prefix: str = "") -> dict[str, str | int | float | bool]:
    """The leaves of nested dictionaries, by key path in snake case."""
    if isinstance(value, Mapping) and value:
        flat: dict[str, str | int | float | bool] = {}
        for key, below in value.items():
            name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", str(key)).lower()
            flat.update(_flat(below, f"{prefix}.{name}" if prefix else name))
        return flat
    return {prefix: value if isinstance(value, str | int | float) else json.dumps(value)}


class Sweep(Mapping[str, Run]):
    """The results of a sweep: a mapping from the numbered folders' names to runs, with the tables over all of them."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        """Opens a folder that has sweep.csv.

        Raises:
            ResultsError: The folder does not hold a sweep.
        """
        self.folder = Path(folder)
        if not (self.folder / "sweep.csv").exists():
            raise ResultsError(f"{self.folder} does not hold a sweep: it has no sweep.csv")

    def __repr__(self) -> str:
        return f"Sweep({str(self.folder)!r})"

    @cached_property
    def table(self) -> pd.DataFrame:
        """sweep.csv: a row for each method of each run; the swept keys are columns `sweep:KEY`."""
        return read_table(self.folder / "sweep.csv")

    @cached_property
    def summary(self) -> pd.DataFrame:
        """summary.csv: mean, standard deviation and 95 % confidence interval over the seeds.

        Raises:
            ResultsError: No seeds were swept.
        """
        file = self.folder / "summary.csv"
        if not file.exists():
            raise ResultsError(f"{file}: file not found; the sweep has no seeds to average over")
        return read_table(file)

    @property
    def keys_swept(self) -> list[str]:
        """The keys that were swept, without the prefix `sweep:`."""
        return [name.removeprefix(SWEPT) for name in self.table.columns if name.startswith(SWEPT)]

    @cached_property
    def rounds(self) -> pd.DataFrame:
        """The rounds.csv of all runs, concatenated, after the columns `run` and `sweep:KEY`."""
        return self._joined("rounds")

    @cached_property
    def tasks(self) -> pd.DataFrame:
        """The tasks.csv of all runs, concatenated, after the columns `run` and `sweep:KEY`."""
        return self._joined("tasks")

    def _joined(self, table: str) -> pd.DataFrame:
        places = ["run", *(name for name in self.table.columns if name.startswith(SWEPT))]
        values = self.table[places].drop_duplicates("run")
        frames = [read_table(self.folder / name / f"{table}.csv") for name in values["run"]]
        joined = pd.concat(
            [frame.assign(run=name) for name, frame in zip(values["run"], frames)], ignore_index=True
        )
        # Categories that differ between runs were concatenated as text.
        for name in frames[0].columns:
            if isinstance(frames[0][name].dtype, pd.CategoricalDtype):
                order = dict.fromkeys(entry for frame in frames for entry in frame[name].cat.categories)
                joined[name] = joined[name].astype(pd.CategoricalDtype(list(order)))
        joined["run"] = joined["run"].astype("str")
        joined = values.merge(joined, on="run", how="right", validate="one_to_many")
        joined.attrs = {
            kind: {**{name: self.table.attrs[kind][name] for name in places}, **frames[0].attrs[kind]}
            for kind in ("units", "meanings")
        }
        return joined

    def __getitem__(self, name: str) -> Run:
        if name not in self._names:
            raise KeyError(name)
        return Run(self.folder / name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    @cached_property
    def _names(self) -> list[str]:
        return [str(name) for name in self.table["run"].unique()]


def load(folder: str | os.PathLike[str]) -> Run:
    """Loads the folder of a run.

    Raises:
        ResultsError: The folder does not hold a run.
    """
    return Run(folder)


def load_sweep(folder: str | os.PathLike[str]) -> Sweep:
    """Loads the folder of a sweep.

    Raises:
        ResultsError: The folder does not hold a sweep.
    """
    return Sweep(folder)
