"""Folders of pictures by client and class, as folders by class with a list of clients.

A program reads the first for `partition: natural` alone, the second for every split.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path


def arrange_by_class(pictures: Path, folder: Path) -> None:
    """Copies CLIENT/CLASS/FILE to CLASS/CLIENT-FILE and writes clients.csv, which a finished folder has."""
    clients = folder / "clients.csv"
    if clients.exists():
        return
    rows = []
    for picture in sorted(pictures.glob("*/*/*")):
        client, label, file = picture.relative_to(pictures).parts
        name = f"{label}/{client}-{file}"
        (folder / label).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(picture, folder / name)
        rows.append((name, client))
    unfinished = clients.with_suffix(".new")
    with unfinished.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(("file", "client"))
        writer.writerows(rows)
    unfinished.replace(clients)
