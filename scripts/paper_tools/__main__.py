"""The command: ``python3 -m paper_tools FOLDER``, which writes FOLDER/README.md from FOLDER/*/summary.csv."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

HEADING = """# The paper's methods on the small base

By `scripts/paper`, from `scenarios/paper/`: the base that ships, ten clients that all join, three seeds of split, draws and
batches. Test accuracy after the last round in per cent, mean and standard deviation over the seeds. `sweep.csv` beside each
table has every run, `summary.csv` every measure with its 95 % interval."""


def main(folder: Path) -> None:
    sections = [HEADING]
    for file in sorted(folder.glob("*/summary.csv")):
        with file.open(newline="") as lines:
            rows = list(csv.DictReader(lines))
        sections += [f"## {file.parent.name}", accuracies(rows), costs(rows)]
    (folder / "README.md").write_text("\n\n".join(sections) + "\n")


def swept(row: dict[str, str]) -> str:
    """What tells a row's combination from the others."""
    return ", ".join(value for key, value in row.items() if key.startswith("sweep:"))


def accuracies(rows: list[dict[str, str]]) -> str:
    """A line for each method, a column for each combination."""
    columns = list(dict.fromkeys(map(swept, rows)))
    methods = list(dict.fromkeys(row["method"] for row in rows))
    cells = {(row["method"], swept(row)): row for row in rows}
    start = {swept(row): row for row in rows if row["method"] == "flora"}
    lines = [line(["method", *columns]), line(["---", *["---:"] * len(columns)])]
    lines.append(line(["before training", *(percent(start[column], "start_accuracy") for column in columns)]))
    for method in methods:
        lines.append(line([method, *(percent(cells[method, column], "final_accuracy") for column in columns)]))
    return "\n".join(lines)


def costs(rows: list[dict[str, str]]) -> str:
    """What each method sends and needs, which the splits hardly change: of the first combination."""
    first = swept(rows[0])
    lines = [line(["method", "trained", "one update, bytes", "peak memory, MB"]), line(["---", "---:", "---:", "---:"])]
    for row in rows:
        if swept(row) == first:
            trained, sent = (float(row[f"{name}_mean"]) for name in ("trainable_parameters", "payload_bytes"))
            memory = float(row["peak_memory_bytes_mean"]) / 1e6
            lines.append(line([row["method"], f"{trained:,.0f}", f"{sent:,.0f}", f"{memory:,.0f}"]))
    return "\n".join(lines)


def percent(row: dict[str, str], measure: str) -> str:
    mean, deviation = row[f"{measure}_mean"], row[f"{measure}_sd"]
    return f"{100 * float(mean):.1f}" + (f" ± {100 * float(deviation):.1f}" if deviation else "")


def line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
