"""A CSV file that gains rows while a study runs."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from pathlib import Path

Row = dict[str, str]


class Store:
    """Rows in a CSV file, which is replaced as a whole, so that a stop leaves complete rows."""

    def __init__(self, file: Path, columns: list[str]) -> None:
        self.file = file
        self.columns = columns
        self.rows: list[Row] = []
        if file.exists():
            with file.open(newline="") as lines:
                self.rows = list(csv.DictReader(lines))

    def having(self, **values: str | int | float) -> list[Row]:
        """The rows that have these values."""
        wanted = {key: str(value) for key, value in values.items()}
        return [row for row in self.rows if all(row[key] == value for key, value in wanted.items())]

    def add(self, rows: Iterable[dict[str, object]]) -> None:
        """Adds rows and writes the file; columns that a row lacks are empty."""
        self.rows += [{column: str(row.get(column, "")) for column in self.columns} for row in rows]
        self.file.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.file.with_suffix(".new")
        with temporary.open("w", newline="") as lines:
            writer = csv.DictWriter(lines, self.columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.rows)
        os.replace(temporary, self.file)
