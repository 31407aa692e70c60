"""A tiny scenario, and its results from the real program."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

import flora_results as flora

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def program() -> Path:
    """The program: FLORA_PROGRAM, or the repository's build."""
    named = os.environ.get("FLORA_PROGRAM")
    path = Path(named) if named else REPOSITORY / ".build/release/flora"
    assert path.exists(), f"{path} is missing; build it or set FLORA_PROGRAM"
    return path


def scenario() -> dict[str, Any]:
    """LoRA and full fine-tuning on six devices, two of which have insufficient memory for full fine-tuning."""
    links: dict[str, Any] = {"download": "10 Mbps", "upload": "5 Mbps", "rtt": "20 ms"}
    power = {"computing": "4 W", "sending": "1.5 W", "receiving": "1 W", "idle": "0.2 W"}
    return {
        "name": "tiny",
        "seed": 3,
        "data": {"dataset": "fashion-mnist", "train_samples": 300, "test_samples": 100, "partition": {"kind": "iid"}},
        "model": {"base": "nano"},
        "training": {"batch_size": 32, "weight_decay": 0},
        "methods": [
            # A name that pandas treats as a missing value by default.
            {"name": "NA", "kind": "lora", "rank": 2, "learning_rate": 1e-3},
            {"name": "fedfft", "kind": "full", "learning_rate": 3e-4},
        ],
        "fleet": {
            "devices": 6,
            "classes": [
                {"name": "phone", "share": 0.5, "compute": "20 GFLOPS", "memory": "1 GB", "dropout": 0.2,
                 "power": power, **links},
                {"name": "camera", "share": 0.5, "compute": "5 GFLOPS", "memory": "60 MB", "power": power, **links},
            ],
        },
        "server": {"rounds": 2, "cohort": 3},
        "evaluation": {"target_accuracy": 0.5},
    }


@pytest.fixture
def tiny() -> dict[str, Any]:
    return scenario()


@pytest.fixture(scope="session")
def finished(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run of the tiny scenario; must not be modified."""
    folder = tmp_path_factory.mktemp("finished") / "tiny"
    flora.run(scenario(), out=folder, program=program)
    return folder


@pytest.fixture
def copied(finished: Path, tmp_path: Path) -> Path:
    """A copy of the finished run that may be modified."""
    return Path(shutil.copytree(finished, tmp_path / "copied"))
