"""Runs the study's parts, one after another, and keeps their numbers as CSV files.

What the files have is not run again: a stopped study goes on, and a further method or data set runs only what it adds.
Delete a part's file to run the part anew.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .federations import SEEDS, Data, Federation, data_sets, tuned
from .methods import METHODS, Method
from .pictures import arrange_by_class
from .runs import Runs, with_running_totals
from .store import Store

KEY = ["data", "split", "base", "variant"]
RATES = [*KEY, "method", "learning_rate", "validation_accuracy", "held_out_accuracy"]
# The study's names of what it keeps of rounds.csv.
MEASURES = {
    "round": "round",
    "virtual_time_s": "virtual_time_s",
    "bytes": "cumulative_bytes",
    "energy_j": "energy_j",
    "accuracy": "test_accuracy",
    "client_accuracy": "client_accuracy_mean",
    "worst_decile": "client_accuracy_worst_decile",
    "base_accuracy": "base_accuracy",
    "novel_accuracy": "novel_accuracy",
}
VERSIONS = [*KEY, "seed", "method", "learning_rate", *MEASURES]
DEVICES = ["method", "trainable_parameters", "payload_bytes", "peak_memory_bytes", "eligible_share"]

# The seed of a federation that is set for each run.
UNSEEDED = -1
FEW_SHOT_CLIENTS = 5
# Few-shot runs take the learning rate of this many samples of each class.
GRID_SHOTS = 4
# Bases from shorter pretrainings of the recipe; 0 steps are random weights.
BASE_STEPS = (0, 500, 2000)
BASE_METHODS = ("flora", "fedlc", "fedaa", "fedfft")
REMEDY_METHODS = ("flora", "fedca", "fedaa", "fedfft")
# What each client keeps for itself, and the splits on which it might help: those whose clients differ most.
PERSONAL = {"flora": ["lora_B"], "fedvmlc": ["classifier"]}
PERSONAL_SPLITS = ("dirichlet 0.1", "two classes")


@dataclass(frozen=True)
class Remedy:
    """A change that might help where clients have two classes each."""

    name: str
    changes: dict[str, Any] = field(default_factory=dict)
    strategy: dict[str, Any] | None = None
    rate_factor: float = 1


REMEDIES = [
    Remedy("smaller steps", rate_factor=1 / 30),
    Remedy("all classes' prompts", {"loss": "classification"}),
    Remedy("proximal term", strategy={"kind": "fedprox", "mu": 1}),
]


@dataclass(frozen=True)
class Only:
    """What a study is limited to: names of data sets, methods and splits, or None for all."""

    data: list[str] | None = None
    methods: list[str] | None = None
    splits: list[str] | None = None

    def has(self, kind: str, name: str) -> bool:
        """Whether a data set, method or split is among them."""
        names = getattr(self, kind)
        return names is None or name in names


class Study:
    """The study in ``results``; ``runs`` are its runs, and ``made`` the folder of ``scripts/datasets``' data sets."""

    def __init__(self, results: Path, runs: Runs, made: Path, recipe: Path) -> None:
        self.results = results
        self.runs = runs
        self.made = made
        self.data = data_sets(runs.folder / "data")
        self.recipe = recipe
        self.only = Only()
        self.rates = Store(results / "learning-rates.csv", RATES)

    def part(self, name: str) -> None:
        """Runs what a part lacks."""
        parts: dict[str, Callable[[Data, Store], None]] = {
            "splits": self.splits, "few-shot": self.few_shot, "novel": self.novel, "two-classes": self.two_classes,
            "bases": self.bases, "personal": self.personal,
        }  # fmt: skip
        if name == "devices":
            self.devices()
            return
        store = Store(self.results / f"{name}.csv", VERSIONS)
        for each in self.data:
            if self.only.has("data", each.name):
                self.arrange(each)
                parts[name](each, store)

    def arrange(self, data: Data) -> None:
        """Copies the pictures of a data set that ``scripts/datasets`` has made, by class, if they are not there."""
        pictures = self.made / data.name / "pictures"
        folder = self.runs.folder / "data" / data.name
        if data.natural:
            arrange_by_class(pictures, folder)
        elif "path" in data.keys and not folder.exists():
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.symlink_to(pictures.absolute())

    def splits(self, data: Data, store: Store) -> None:
        for name, split in data.splits.items():
            if not self.only.has("splits", name):
                continue
            federation = Federation(data, split, UNSEEDED, every=2)
            self.compare(store, federation, {"split": name}, METHODS)

    def few_shot(self, data: Data, store: Store) -> None:
        few = Federation(data, {}, UNSEEDED, clients=FEW_SHOT_CLIENTS, per_client=False)
        for shots in data.shots:
            federation = replace(few, split={"kind": "few-shot", "shots": shots})
            at = replace(few, split={"kind": "few-shot", "shots": GRID_SHOTS})
            key = {"split": "few-shot", "variant": f"{shots} shots"}
            self.compare(store, federation, key, METHODS, grid=(at, {**key, "variant": f"{GRID_SHOTS} shots"}))

    def novel(self, data: Data, store: Store) -> None:
        split = data.splits["iid"]
        methods = [method for method in METHODS if not method.has_classifier]
        # At the learning rates of all classes.
        grid = (Federation(data, split, UNSEEDED), {"split": "iid"})
        federation = Federation(data, split, UNSEEDED, novel=True, per_client=False)
        self.compare(store, federation, {"split": "iid", "variant": "novel"}, methods, grid=grid)

    def two_classes(self, data: Data, store: Store) -> None:
        methods = [method for method in METHODS if method.name in REMEDY_METHODS]
        for remedy in REMEDIES:
            federation = Federation(data, data.splits["two classes"], UNSEEDED, strategy=remedy.strategy)
            scaled = [
                replace(method, rates=tuple(rate * remedy.rate_factor for rate in method.rates)) for method in methods
            ]
            key = {"split": "two classes", "variant": remedy.name}
            self.compare(store, federation, key, scaled, changes=remedy.changes)

    def personal(self, data: Data, store: Store) -> None:
        for split in PERSONAL_SPLITS:
            federation = Federation(data, data.splits[split], UNSEEDED)
            for method in METHODS:
                if method.name in PERSONAL:
                    changes = {"personal": PERSONAL[method.name]}
                    self.compare(store, federation, {"split": split, "variant": "personal"}, [method], changes=changes)

    def bases(self, data: Data, store: Store) -> None:
        methods = [method for method in METHODS if method.name in BASE_METHODS]
        for steps in BASE_STEPS:
            federation = Federation(data, data.splits["iid"], UNSEEDED, base=str(self.base(steps)))
            self.compare(store, federation, {"split": "iid", "base": f"{steps} steps"}, methods)

    def base(self, steps: int) -> Path:
        """The base of a pretraining of ``steps`` steps, which is made if it is missing."""
        folder = (self.runs.folder / "bases" / f"steps-{steps}").absolute()
        if not (folder / "model.safetensors").exists():
            command = [self.runs.program, "pretrain", self.recipe, "--set", f"training.steps={steps}", "--out", folder]
            if self.runs.workers:
                command += ["--workers", str(self.runs.workers)]
            subprocess.run(command, check=True)
        return folder

    def devices(self) -> None:
        """The share of phones that have the memory for CLIP ViT-B/32, without training."""
        store = Store(self.results / "devices.csv", DEVICES)
        missing = [method for method in METHODS if not store.having(method=method.name)]
        if not missing:
            return
        scenario = {
            "name": "devices",
            "seed": 1,
            "data": {"dataset": "fashion-mnist", "partition": {"kind": "resample", "samples": 200}},
            "model": {"base": "vit-b-32"},
            "training": {"mode": "timing", "batch_size": 32},
            "methods": [{"name": method.name, **without_sizes(method.keys)} for method in missing],
            "fleet": {"profile": "phones-2025", "devices": 1000, "execution_plan": "reference", "runtime": "pytorch"},
            "server": {"rounds": 1, "cohort": 100},
            "report": {"tasks": "none"},
        }
        store.add(self.runs.run(scenario, "summary.csv"))

    def compare(
        self,
        store: Store,
        federation: Federation,
        key: dict[str, str],
        methods: list[Method],
        changes: dict[str, Any] | None = None,
        grid: tuple[Federation, dict[str, str]] | None = None,
    ) -> None:
        """Chooses each method's learning rate, then runs it with every seed; ``grid`` chooses on another federation."""
        methods = [method for method in methods if self.only.has("methods", method.name)]
        key = {"data": federation.data.name, "base": "nano", "variant": "", **key}
        grid_federation, grid_key = grid or (federation, key)
        grid_key = {**key, "variant": "", **grid_key}
        self.choose(grid_federation, grid_key, methods, changes)
        for seed in SEEDS:
            lacking = [method for method in methods if not store.having(**key, seed=seed, method=method.name)]
            if not lacking:
                continue
            rates = {method.name: self.rate(grid_key, method.name) for method in lacking}
            say(f"{', '.join(filter(None, key.values()))}, seed {seed}: {', '.join(rates)}")
            scenario = replace(federation, seed=seed).scenario(
                [tuned(method, float(rates[method.name]), changes) for method in lacking]
            )
            rows = with_running_totals(self.runs.run(scenario, "rounds.csv"))
            store.add(
                {
                    **key,
                    "seed": seed,
                    "method": row["method"],
                    "learning_rate": rates[row["method"]],
                    **{ours: row.get(theirs, "") for ours, theirs in MEASURES.items()},
                }
                for row in rows
            )

    def choose(
        self, federation: Federation, key: dict[str, str], methods: list[Method], changes: dict[str, Any] | None
    ) -> None:
        """Tries each method's learning rates, with validation images and the clients' held-out samples."""
        lacking = [method for method in methods if not self.rates.having(**key, method=method.name)]
        if not lacking:
            return
        say(f"{', '.join(filter(None, key.values()))}, learning rates: {', '.join(each.name for each in lacking)}")
        names = {f"{method.name}-{i}": (method, rate) for method in lacking for i, rate in enumerate(method.rates)}
        scenario = federation.grid([tuned(method, rate, changes, name) for name, (method, rate) in names.items()])
        last = {row["method"]: row for row in self.runs.run(scenario, "rounds.csv")}
        self.rates.add(
            {
                **key,
                "method": method.name,
                "learning_rate": f"{rate:.3g}",
                "validation_accuracy": last[name]["test_accuracy"],
                "held_out_accuracy": last[name].get("client_accuracy_mean", ""),
            }
            for name, (method, rate) in names.items()
        )

    def rate(self, key: dict[str, str], method: str) -> str:
        """The chosen learning rate: the best mean of both accuracies, and of equals the smallest."""
        return best_rate(self.rates.having(**key, method=method))["learning_rate"]


def best_rate(rows: list[dict[str, str]]) -> dict[str, str]:
    def score(row: dict[str, str]) -> tuple[float, float]:
        measured = [float(row[name]) for name in ("validation_accuracy", "held_out_accuracy") if row[name]]
        return sum(measured) / len(measured), -float(row["learning_rate"])

    return max(rows, key=score)


def without_sizes(keys: dict[str, Any]) -> dict[str, Any]:
    """A method's keys without those that name the study's own device classes."""
    return {key: value for key, value in keys.items() if key != "sizes"}


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
