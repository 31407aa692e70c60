"""Compares the files of two runs."""

import pathlib


def contents(folder: pathlib.Path) -> dict[str, bytes]:
    """All files except manifests, which contain the run's start time."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }


def difference(left: dict[str, bytes], right: dict[str, bytes]) -> str:
    """The names of the files that differ or that only one run has; empty if there are none."""
    return " ".join(sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name)))
