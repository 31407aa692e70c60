"""Reads tables into DataFrames with types and units."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from .columns import OUTCOMES, TABLES, Column
from .errors import ResultsError

SWEPT = "sweep:"


def read_table(file: str | os.PathLike[str], table: str | None = None) -> pd.DataFrame:
    """Reads a table that flora wrote.

    Columns have the types of `flora_results.columns`. Columns unknown to this version are read as numbers if
    all their fields are numbers, else as categories. `attrs["units"]` and `attrs["meanings"]` are dictionaries by column.

    Args:
        file: The CSV file.
        table: A key of `columns.TABLES`; by default derived from the file's name.

    Raises:
        ResultsError: The file is missing or damaged, or the table is unknown.
    """
    path = Path(file)
    try:
        # Keeps names such as "NA" and "null" unchanged.
        fields = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except FileNotFoundError:
        raise ResultsError(f"{path}: file not found") from None
    except (ValueError, OSError) as error:
        raise ResultsError(f"{path}: {error}") from error
    if table is None:
        table = path.stem
        if table == "summary" and "seeds" in fields.columns:
            table = "seed_summary"
    if table not in TABLES:
        raise ResultsError(f"{path}: unknown table; known tables are {', '.join(TABLES)}")
    known = {column.name: column for column in TABLES[table]}
    units: dict[str, str] = {}
    meanings: dict[str, str] = {}
    converted: dict[str, pd.Series] = {}
    for name in fields.columns:
        column = known.get(name)
        try:
            converted[name] = _typed(fields[name], column) if column else _guessed(fields[name])
        except (ValueError, TypeError) as error:
            raise ResultsError(f"{path}: column {name}: {error}") from error
        if column:
            units[name], meanings[name] = column.unit, column.meaning
        elif name.startswith(SWEPT):
            units[name], meanings[name] = "", f"The value of the swept key {name.removeprefix(SWEPT)}."
    frame = pd.DataFrame(converted, index=fields.index)
    frame.attrs["units"] = units
    frame.attrs["meanings"] = meanings
    return frame


def _typed(fields: pd.Series, column: Column) -> pd.Series:
    match column.kind:
        case "text":
            return fields.astype("str")
        case "category":
            return _category(fields, OUTCOMES if column.name == "outcome" else ())
        case "integer":
            return fields.map(int).astype("int64")
        case "optional integer":
            return fields.map(lambda text: int(text) if text else pd.NA).astype("Int64")
        case "number":
            return _numbers(fields)


def _category(fields: pd.Series, first: tuple[str, ...] = ()) -> pd.Series:
    """Categories in order of appearance, after the known ones."""
    names = list(dict.fromkeys([*first, *fields]))
    return fields.astype(pd.CategoricalDtype(names))


def _numbers(fields: pd.Series) -> pd.Series:
    return fields.map(lambda text: float(text) if text else float("nan")).astype("float64")


def _guessed(fields: pd.Series) -> pd.Series:
    if not fields.empty:
        try:
            return fields.map(int).astype("int64")
        except (ValueError, OverflowError):
            pass
        try:
            return _numbers(fields)
        except ValueError:
            pass
    return _category(fields)
