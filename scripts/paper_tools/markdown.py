"""Tables and numbers in Markdown."""

from __future__ import annotations

from .measures import Mean

_PREFIXES = ["", "k", "M", "G", "T"]


def table(header: list[str], rows: list[list[str]]) -> str:
    """A table whose first column is words and whose others are numbers."""
    return "\n".join(map(line, [header, ["---", *["---:"] * (len(header) - 1)], *rows]))


def line(cells: list[str]) -> str:
    """A row of a table."""
    return "| " + " | ".join(cells) + " |"


def percent(mean: Mean | None) -> str:
    """A share in per cent with its deviation; a dash if there is none."""
    if mean is None:
        return "-"
    deviation = "" if mean.deviation is None else f" ± {100 * mean.deviation:.1f}"
    return f"{100 * mean.value:.1f}{deviation}"


def amount(value: float, unit: str) -> str:
    """A quantity with a decimal prefix, such as 1.2 MB; seconds only as such."""
    prefixes = [""] if unit == "s" else list(_PREFIXES)
    while value >= 1000 and len(prefixes) > 1:
        value /= 1000
        prefixes.pop(0)
    return f"{value:.1f} {prefixes[0]}{unit}"
