"""The study's federations: data sets, splits, devices, and the scenarios that they make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .methods import Method

ROUNDS = 10
# Rounds of a run that chooses learning rates; the same for every method.
GRID_ROUNDS = 5
SEEDS = (0, 1, 2)
# No final run has the split of the grid.
GRID_SEED = 3
HELD_OUT = 0.2


@dataclass(frozen=True)
class Data:
    """A data set and its clients."""

    name: str
    keys: dict[str, Any]
    clients: int
    cohort: int
    shots: tuple[int, ...]
    natural: bool
    # Of which no client has a sample when new classes are tested: every fifth.
    novel: tuple[str, ...]

    @property
    def splits(self) -> dict[str, dict[str, Any]]:
        """Four ways to split it: the last is its own, if it has clients."""
        own = (
            {"natural": {"kind": "natural"}} if self.natural else {"dirichlet 0.5": {"kind": "dirichlet", "beta": 0.5}}
        )
        return {
            "iid": {"kind": "iid"},
            "dirichlet 0.1": {"kind": "dirichlet", "beta": 0.1},
            "two classes": {"kind": "pathological", "classes_per_client": 2},
            **own,
        }


def data_sets(folder: Path) -> list[Data]:
    """The data sets; pictures are in ``folder``, by class."""

    def pictures(name: str) -> dict[str, str]:
        return {"dataset": "image-folder", "path": str((folder / name).absolute())}

    return [
        Data(
            "fashion-mnist", {"dataset": "fashion-mnist", "train_samples": 1000, "test_samples": 2000},
            10, 5, (1, 4, 16), False, ("Coat", "Ankle boot"),
        ),
        Data(
            "digits", {**pictures("digits"), "prompt": "the digit {}.", "train_samples": 700},
            10, 6, (1, 4, 12), False, ("one", "zero"),
        ),
        Data(
            "letters", {**pictures("letters"), "prompt": "the letter {}.", "train_samples": 2600, "test_samples": 520},
            36, 5, (1, 4, 16), True, ("E", "J", "O", "T", "Y"),
        ),
        # A class of 16 pictures has too few for few-shot clients.
        Data("icons", pictures("icons"), 14, 5, (), True, ("computer", "folder", "keyboard", "scissors")),
    ]  # fmt: skip


# Assumed laptops and phones, all of which join and have the memory, so that accuracies differ by method alone.
_CLASSES = [
    {"name": name, "share": share, "compute": compute, "memory": "8 GB", "download": down, "upload": up, "rtt": rtt,
     "power": {"computing": computing, "sending": "1.5 W", "receiving": "1 W", "idle": "100 mW"}}
    for name, share, compute, down, up, rtt, computing in [
        ("fast", 0.3, "50 GFLOPS", "100 Mbps", "20 Mbps", "20 ms", "15 W"),
        ("mid", 0.4, "20 GFLOPS", "50 Mbps", "10 Mbps", "30 ms", "4 W"),
        ("slow", 0.3, "8 GFLOPS", "20 Mbps", "4 Mbps", "60 ms", "3 W"),
    ]
]  # fmt: skip


@dataclass(frozen=True)
class Federation:
    """What a run's methods share: data, split, base and seed."""

    data: Data
    split: dict[str, Any]
    seed: int
    base: str = "nano"
    clients: int | None = None
    strategy: dict[str, Any] | None = None
    novel: bool = False
    per_client: bool = True
    every: int = ROUNDS

    def scenario(self, methods: list[dict[str, Any]]) -> dict[str, Any]:
        """The scenario of the final run."""
        clients = self.clients or self.data.clients
        evaluation: dict[str, Any] = {"every": self.every}
        if self.per_client:
            evaluation["per_client"] = {"every": ROUNDS, "held_out": HELD_OUT}
        if self.novel:
            evaluation["novel_classes"] = list(self.data.novel)
        return {
            "name": "study",
            "seed": self.seed,
            "data": {**self.data.keys, "partition": self.split},
            "model": {"base": self.base},
            # Adam keeps its state with the client, as in the paper.
            "training": {"optimizer": "adam", "weight_decay": 0, "batch_size": 32, "optimizer_state": "persistent"},
            "methods": methods,
            "fleet": {"devices": clients, "classes": _CLASSES},
            "server": {
                "rounds": ROUNDS,
                "cohort": min(self.data.cohort, clients),
                **({"strategy": self.strategy} if self.strategy else {}),
            },
            "evaluation": evaluation,
            "report": {"tasks": "none"},
        }

    def grid(self, methods: list[dict[str, Any]]) -> dict[str, Any]:
        """The scenario that chooses learning rates: shorter, and on validation images."""
        scenario = replace(self, seed=GRID_SEED, every=GRID_ROUNDS).scenario(methods)
        scenario["data"]["test_on"] = "validation"
        scenario["server"]["rounds"] = GRID_ROUNDS
        if self.per_client:
            scenario["evaluation"]["per_client"]["every"] = GRID_ROUNDS
        return scenario


def tuned(
    method: Method, rate: float, changes: dict[str, Any] | None = None, name: str | None = None
) -> dict[str, Any]:
    """The method with a learning rate, as a scenario lists it."""
    return {"name": name or method.name, **method.keys, **(changes or {}), "learning_rate": rate}
