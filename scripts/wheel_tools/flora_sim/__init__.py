"""FLORA, a discrete-event simulator of federated fine-tuning of CLIP, packaged as a wheel."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PROGRAM = FOLDER / "bin" / "flora"
SCENARIOS = FOLDER / "scenarios"


def main() -> None:
    """Replaces this process with the program, passing on the arguments."""
    os.execv(PROGRAM, [str(PROGRAM), *sys.argv[1:]])


def copy_scenarios(folder: str | os.PathLike[str]) -> list[Path]:
    """Copies the scenarios into a folder.

    The tables that they name, such as traces, go with them.

    Returns:
        The scenarios' copies.

    Raises:
        FileExistsError: A file of the same name exists; nothing is overwritten.
    """
    target = Path(folder)
    found = sorted([*SCENARIOS.rglob("*.yaml"), *SCENARIOS.rglob("*.csv")])
    files = {file: target / file.relative_to(SCENARIOS) for file in found}
    for copy in files.values():
        if copy.exists():
            raise FileExistsError(f"{copy} exists; name an empty folder")
    for file, copy in files.items():
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    return [copy for copy in files.values() if copy.suffix == ".yaml"]
