"""Runs scenarios with the program, and reads what the study keeps of a run."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any


class Runs:
    """Runs in a folder of their own, each of which is removed when its rows are kept."""

    def __init__(self, program: Path, folder: Path, workers: int | None = None) -> None:
        self.program = program.absolute()
        self.folder = folder
        self.workers = workers

    def run(self, scenario: dict[str, Any], table: str) -> list[dict[str, str]]:
        """The rows of a table of the scenario's run. A run that was interrupted goes on."""
        text = json.dumps(scenario, indent=2)
        folder = self.folder / hashlib.sha256(text.encode()).hexdigest()[:16]
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "scenario.yaml"
        file.write_text(text)
        out = folder / "out"
        if not (out / "summary.csv").exists():
            command = [self.program, "run", file, "--out", out, "--resume", "--quiet"]
            if self.workers:
                command += ["--workers", str(self.workers)]
            subprocess.run(command, check=True)
        with (out / table).open(newline="") as lines:
            rows = list(csv.DictReader(lines))
        shutil.rmtree(folder)
        return rows


def with_running_totals(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows with ``energy_j``, the joules since the method's start."""
    totals: dict[str, float] = {}
    for row in rows:
        method = row["method"]
        totals[method] = totals.get(method, 0) + float(row["device_energy_j"] or 0)
        row["energy_j"] = f"{totals[method]:.3f}"
    return rows
