"""The output folder: written to a temporary folder and moved into place when complete."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .errors import CorporaError

MANIFEST = "manifest.csv"


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """A temporary folder next to ``folder`` that replaces it unless an exception is raised.

    A folder with other contents is not replaced.
    """
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise CorporaError(f"{folder} has other contents; name an empty or new folder.")
    if folder.exists() and not folder.is_dir():
        raise CorporaError(f"{folder} is a file; name a folder.")
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}.partial")
    old = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    try:
        temporary.mkdir(parents=True)
    except OSError as error:
        raise CorporaError(f"{folder} cannot be written: {error.strerror}.") from None
    try:
        yield temporary
        if folder.exists():
            folder.rename(old)
        temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Writes a table in the format of RFC 4180: quoted where needed, lines ended by CR and LF."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
