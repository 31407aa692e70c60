"""The command: ``python3 -m paper_tools FOLDER``, which writes the tables of FOLDER/*/summary.csv into FOLDER/README.md.

The text above the line ``<!-- tables -->`` is written by hand and is kept.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

MARK = "<!-- tables -->"


def main(folder: Path) -> None:
    sections = [MARK]
    for file in sorted(folder.glob("*/summary.csv")):
        with file.open(newline="") as lines:
            sections += tables(file.parent.name, list(csv.DictReader(lines)))
    page = folder / "README.md"
    words = page.read_text().split(MARK)[0] if page.exists() else ""
    page.write_text(words + "\n\n".join(sections) + "\n")


def tables(name: str, rows: list[dict[str, str]]) -> list[str]:
    """The tables of a sweep, with their headings."""
    target = float(rows[0]["target_accuracy_mean"]) * 100 if "target_accuracy_mean" in rows[0] else 75
    return [
        f"## {name}",
        "Test accuracy after the last round, in per cent:",
        by_combination(rows, accuracy, start=True),
        f"Bytes sent and received by all clients until {target:.0f} % was reached, if all seeds reached it:",
        by_combination(rows, bytes_to_target),
        "The communication and memory of each method, in the first combination:",
        costs(rows),
    ]


def swept(row: dict[str, str]) -> str:
    """The swept values that identify a row's combination."""
    return ", ".join(value.strip("{}").removeprefix("kind: ") for key, value in row.items() if key.startswith("sweep:"))


def by_combination(rows, cell, start: bool = False) -> str:
    """A row per method and a column per combination."""
    columns = list(dict.fromkeys(map(swept, rows)))
    methods = list(dict.fromkeys(row["method"] for row in rows))
    cells = {(row["method"], swept(row)): row for row in rows}
    lines = [line(["method", *columns]), line(["---", *["---:"] * len(columns)])]
    if start:
        before = (percent(cells[methods[0], column], "start_accuracy") for column in columns)
        lines.append(line(["before training", *before]))
    for method in methods:
        lines.append(line([method, *(cell(cells[method, column]) for column in columns)]))
    return "\n".join(lines)


def costs(rows: list[dict[str, str]]) -> str:
    first = swept(rows[0])
    lines = [line(["method", "trained", "one update, bytes", "peak memory, MB"]), line(["---", "---:", "---:", "---:"])]
    for row in rows:
        if swept(row) == first:
            trained, sent = (float(row[f"{name}_mean"]) for name in ("trainable_parameters", "payload_bytes"))
            memory = float(row["peak_memory_bytes_mean"]) / 1e6
            lines.append(line([row["method"], f"{trained:,.0f}", f"{sent:,.0f}", f"{memory:,.0f}"]))
    return "\n".join(lines)


def accuracy(row: dict[str, str]) -> str:
    return percent(row, "final_accuracy")


def percent(row: dict[str, str], measure: str) -> str:
    mean, deviation = row[f"{measure}_mean"], row[f"{measure}_sd"]
    return f"{100 * float(mean):.1f}" + (f" ± {100 * float(deviation):.1f}" if deviation else "")


def bytes_to_target(row: dict[str, str]) -> str:
    mean = row["bytes_to_target_mean"]
    if not mean:
        return "-"
    amount, units = float(mean), ["B", "kB", "MB", "GB", "TB"]
    while amount >= 1000 and len(units) > 1:
        amount /= 1000
        units.pop(0)
    return f"{amount:.1f} {units[0]}"


def line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
