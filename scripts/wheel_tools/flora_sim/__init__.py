"""FLORA, a discrete-event simulator of federated fine-tuning of CLIP, packaged as a wheel."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PROGRAM = FOLDER / "bin" / "flora"
SCENARIOS = FOLDER / "scenarios"
FASHION_MNIST = FOLDER / "datasets" / "fashion-mnist"


def main() -> None:
    """Replaces this process with the program, passing on the arguments."""
    os.execv(PROGRAM, [str(PROGRAM), *sys.argv[1:]])


def copy_scenarios(folder: str | os.PathLike[str]) -> list[Path]:
    """Copies the scenarios to a folder, with `data.path` set to the wheel's Fashion-MNIST, if included.

    Returns:
        The copies.

    Raises:
        FileExistsError: A file of the same name exists; nothing is overwritten.
    """
    target = Path(folder)
    files = {file: target / file.relative_to(SCENARIOS) for file in sorted(SCENARIOS.rglob("*.yaml"))}
    for copy in files.values():
        if copy.exists():
            raise FileExistsError(f"{copy} exists; name an empty folder")
    for file, copy in files.items():
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(with_data_path(file.read_text(encoding="utf-8")), encoding="utf-8")
    return list(files.values())


def with_data_path(scenario: str) -> str:
    """A scenario on Fashion-MNIST with the path of the wheel's files, if included; other scenarios are unchanged."""
    if not FASHION_MNIST.exists():
        return scenario
    # Quoted as JSON, which is valid YAML too.
    path = '"' + str(FASHION_MNIST).replace("\\", "\\\\").replace('"', '\\"') + '"'
    block = re.compile(r"^( +)dataset: fashion-mnist\b[^\n]*$", re.MULTILINE)
    scenario = block.sub(lambda match: f"{match[0]}\n{match[1]}path: {path}", scenario)
    flow = re.compile(r"(\{[^\n}]*?dataset: fashion-mnist)\b")
    return flow.sub(lambda match: f"{match[1]}, path: {path}", scenario)
