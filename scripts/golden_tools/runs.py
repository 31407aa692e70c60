"""Runs of the program, and the tables that they leave."""

import json
import os
import pathlib
import subprocess
import tempfile

from .cases import Case


class RunError(Exception):
    """What the program said of a run that it could not make."""


class Program:
    """A flora, with a cache of image features for its runs alone."""

    def __init__(self, program: pathlib.Path, root: pathlib.Path, cache: pathlib.Path, workers: int):
        self.program = program
        self.root = root
        self.workers = workers
        self.environment = os.environ | {"FLORA_CACHE": str(cache)}

    def run(self, case: Case) -> tuple[dict[str, bytes], dict[str, object]]:
        """The tables of a case by path, and the kernels that they were made with.

        Raises RunError where the program fails.
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
    """All tables below a folder, by path."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*.csv"))}


def _kernels(folder: pathlib.Path) -> dict[str, object]:
    """What of a manifest decides how products of matrices are rounded; of a sweep, that of any of its runs."""
    manifest = json.loads(next(folder.rglob("manifest.json")).read_text(encoding="utf-8"))
    return {key: manifest[key] for key in ("matrix_product_kernels", "packed_products")}
