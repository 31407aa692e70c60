"""Describes how two tables differ."""

import csv
import io
import itertools

# Columns that identify a row, where a table has them.
PLACE = ("method", "round", "client", "device", "device_class", "data_class", "run")
# The number of columns to list before counting the rest.
MOST_COLUMNS = 8


def differences(committed: dict[str, bytes], made: dict[str, bytes]) -> list[str]:
    """One or more lines for each table that differs."""
    lines: list[str] = []
    for name in sorted(committed.keys() | made.keys()):
        if name not in made:
            lines.append(f"{name}: not produced")
        elif name not in committed:
            lines.append(f"{name}: not committed")
        elif committed[name] != made[name]:
            lines += [f"{name}: {line}" for line in _difference(committed[name], made[name])]
    return lines


def _difference(committed: bytes, made: bytes) -> list[str]:
    """The first differing row with its columns, and the number of differing rows."""
    old, new = _rows(committed), _rows(made)
    if not old or not new:
        return ["empty"]
    if old[0] != new[0]:
        return [f"columns: {_header(old[0], new[0])}"]
    pairs = list(enumerate(itertools.zip_longest(old[1:], new[1:]), 2))
    different = [(line, before, after) for line, (before, after) in pairs if before != after]
    count = f"{len(different)} of {len(old) - 1} rows differ"
    if len(new) != len(old):
        count += f", {len(new) - 1} were produced"
    if not different:
        return ["equal rows, formatted differently"]
    line, before, after = different[0]
    if before is None or after is None:
        word = "only produced" if before is None else "only committed"
        return [f"{count}; line {line} is {word}: {','.join(before or after)}"]
    columns = [
        f"{name} {first or 'empty'} -> {second or 'empty'}"
        for name, first, second in itertools.zip_longest(old[0], before, after, fillvalue="")
        if first != second
    ]
    more = len(columns) - MOST_COLUMNS
    words = ", ".join(columns[:MOST_COLUMNS]) + (f" and {more} more columns" if more > 0 else "")
    place = " ".join(value for name, value in zip(old[0], before) if name in PLACE)
    return [f"{count}; first line {line} ({place}): {words}"]


def _header(old: list[str], new: list[str]) -> str:
    gone = [name for name in old if name not in new]
    added = [name for name in new if name not in old]
    words = [f"without {' '.join(gone)}"] * bool(gone) + [f"with {' '.join(added)}"] * bool(added)
    return ", ".join(words) or "in a different order"


def _rows(table: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table.decode())))
