"""FLORA, a discrete-event simulator of federated fine-tuning of CLIP, as a program in a wheel."""

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
    """Becomes the program, with this process's arguments."""
    os.execv(PROGRAM, [str(PROGRAM), *sys.argv[1:]])


def copy_scenarios(folder: str | os.PathLike[str]) -> list[Path]:
    """Copies the scenarios into a folder, with `data.path` set to the wheel's Fashion-MNIST, if it has it.

    The tables that they name, such as traces, go with them.

    Returns:
        The scenarios' copies.

    Raises:
        FileExistsError: A file of the same name is there; nothing is overwritten.
    """
    target = Path(folder)
    found = sorted([*SCENARIOS.rglob("*.yaml"), *SCENARIOS.rglob("*.csv")])
    files = {file: target / file.relative_to(SCENARIOS) for file in found}
    for copy in files.values():
        if copy.exists():
            raise FileExistsError(f"{copy} exists; name an empty folder")
    for file, copy in files.items():
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_text(encoding="utf-8")
        copy.write_text(with_data_path(text) if file.suffix == ".yaml" else text, encoding="utf-8")
    return [copy for copy in files.values() if copy.suffix == ".yaml"]


def with_data_path(scenario: str) -> str:
    """A scenario on Fashion-MNIST with the path of the wheel's files, if it has them; other scenarios as they are."""
    if not FASHION_MNIST.exists():
        return scenario
    # In JSON's quotes, which are YAML's too.
    path = '"' + str(FASHION_MNIST).replace("\\", "\\\\").replace('"', '\\"') + '"'
    block = re.compile(r"^( +)dataset: fashion-mnist\b[^\n]*$", re.MULTILINE)
    scenario = block.sub(lambda match: f"{match[0]}\n{match[1]}path: {path}", scenario)
    flow = re.compile(r"(\{[^\n}]*?dataset: fashion-mnist)\b")
    return flow.sub(lambda match: f"{match[1]}, path: {path}", scenario)
