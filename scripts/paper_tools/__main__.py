"""The command: ``python3 -m paper_tools FOLDER``, which writes FOLDER/README.md and the figures beside it.

Its text is FOLDER/words.md with the numbers of FOLDER/study, or, without that file, what stands above the line
``<!-- tables -->``. Below are the tables of FOLDER/study and of the sweeps in FOLDER/*/summary.csv.
"""

from __future__ import annotations

import sys
from pathlib import Path

from . import study_tables
from .markdown import amount, line
from .measures import Measures, swept
from .plots import draw
from .words import WordsError, rendered

MARK = "<!-- tables -->"


def main(folder: Path) -> None:
    text = page(folder)
    draw(Measures(folder / "study"), folder)
    (folder / "README.md").write_text(text)


def page(folder: Path) -> str:
    """The page of a folder's results; raises WordsError if its text does not fit them."""
    measures = Measures(folder / "study")
    sections = [MARK, *study_tables.sections(measures)]
    for name, rows in measures.sweeps.items():
        sections += tables(name, rows)
    return words(folder, measures) + "\n\n".join(sections) + "\n"


def words(folder: Path, measures: Measures) -> str:
    """The text above the tables."""
    template, old = folder / "words.md", folder / "README.md"
    if template.exists():
        return rendered(template.read_text(), measures).rstrip() + "\n\n"
    return old.read_text().split(MARK)[0] if old.exists() else ""


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
    return amount(float(mean), "B")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except WordsError as error:
        sys.exit(f"{sys.argv[1]}/words.md: {error}")
