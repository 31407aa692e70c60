"""Runs the program and collects its tables."""

import json
import os
import pathlib
import subprocess
import tempfile

from .cases import Case


class RunError(Exception):
    """The program's error message for a failed run."""


class Program:
    """A flora program with a private cache of image features for its runs."""

    def __init__(self, program: pathlib.Path, root: pathlib.Path, cache: pathlib.Path, workers: int):
        self.program = program
        self.root = root
        self.workers = workers
        self.environment = os.environ | {"FLORA_CACHE": str(cache)}

    def run(self, case: Case) -> tuple[dict[str, bytes], dict[str, object]]:
        """The tables of a case by path, and the kernels that produced them.

        Raises RunError if the program fails.
        """
        with tempfile.TemporaryDirectory(prefix="flora-golden-") as folder:
            overrides = [word for override in case.overrides for word in ("--set", override)]
            done = subprocess.run(
                [
                    self.program, "run", self.root / case.scenario, "--out", folder, "--quiet",
                    "--workers", str(self.workers), *overrides,
                ],
                env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
            )
            if done.returncode:
                raise RunError(f"exit code {done.returncode}: {done.stderr.decode(errors='replace').strip()}")
            return tables(pathlib.Path(folder)), _kernels(pathlib.Path(folder))


def tables(folder: pathlib.Path) -> dict[str, bytes]:
    """All tables in a folder and its subfolders, by path."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*.csv"))}


def _kernels(folder: pathlib.Path) -> dict[str, object]:
    """The entries of a manifest that determine the rounding of matrix products; for a sweep, those of any of its runs."""
    manifest = json.loads(next(folder.rglob("manifest.json")).read_text(encoding="utf-8"))
    return {key: manifest[key] for key in ("matrix_product_kernels", "packed_products")}
