"""Text with numbers from the study's files: ``{{accuracy splits/letters/iid/flora}}``.

A number is ``COLUMN PART/DATA/SPLIT/METHOD[/BASE[/VARIANT]]`` after the last round, one before training, a count, or a
relation of two: ``{{ratio A : B}}`` and ``{{difference A : B}}``. ``{{check A < B}}`` stands for nothing, and is an
error if the comparison does not hold: a sentence that compares has such a check.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

from .markdown import amount
from .measures import Measures, swept
from .study_tables import base_line

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq,
}  # fmt: skip


class WordsError(ValueError):
    """A text that does not fit the numbers."""


def rendered(text: str, measures: Measures) -> str:
    """The text with its numbers; raises WordsError if a check fails or a number is missing."""
    text = re.sub(r"\{\{check ([^}]*)\}\}", lambda match: _checked(match[1], measures), text)
    return re.sub(r"\{\{([^}]*)\}\}", lambda match: _number(match[1].strip(), measures)[1], text)


def _checked(comparison: str, measures: Measures) -> str:
    parts = re.split(r"\s(<=|>=|==|<|>)\s", comparison.strip())
    if len(parts) != 3:
        raise WordsError(f"{comparison!r} is not a comparison of two numbers")
    left, sign, right = parts
    values = [_value(side.strip(), measures) for side in (left, right)]
    if not _COMPARISONS[sign](*values):
        raise WordsError(f"{comparison!r} does not hold: {values[0]} and {values[1]}")
    return ""


def _value(side: str, measures: Measures) -> float:
    try:
        return float(side)
    except ValueError:
        return _number(side, measures)[0]


def _number(expression: str, measures: Measures) -> tuple[float, str]:
    """The number in the unit of its text, and the text."""
    name, _, rest = expression.partition(" ")
    if name in ("ratio", "difference"):
        left, right = (_value(side.strip(), measures) for side in rest.split(" : "))
        value = left / right if name == "ratio" else left - right
        return value, f"{value:.{0 if abs(value) >= 100 else 1}f}"
    words = rest.split("/") if rest else []
    try:
        return _NUMBERS[name](measures, words)
    except (KeyError, AssertionError, TypeError, ValueError) as error:
        raise WordsError(f"{{{{{expression}}}}} names no number of the study's files") from error


def _percent(value: float) -> tuple[float, str]:
    return 100 * value, f"{100 * value:.1f}"


def _column(column: str, before: bool = False) -> Callable[[Measures, list[str]], tuple[float, str]]:
    def number(measures: Measures, words: list[str]) -> tuple[float, str]:
        part, data, split, method, base, variant = words + ["nano", ""][len(words) - 4 :]
        at = measures.first if before else measures.last
        mean = at(column, part, data, split, method, base=base, variant=variant)
        assert mean is not None
        return _percent(mean.value)

    return number


def _to_target(column: str, unit: str) -> Callable[[Measures, list[str]], tuple[float, str]]:
    def number(measures: Measures, words: list[str]) -> tuple[float, str]:
        way, *run = words
        mean = measures.to_target(column, float(way) / 100, *run)
        assert mean is not None
        return mean.value, amount(mean.value, unit)

    return number


def _wins(measures: Measures, words: list[str]) -> tuple[float, str]:
    """``wins METHOD[/OTHER]``: in how many data sets and splits it is the best of the paper's or above another."""
    cells = measures.splits_of(*words) if len(words) > 1 else measures.splits_of()
    return _count(sum(_ahead(measures, data, split, *words) for data, split in cells))


def _ahead(measures: Measures, data: str, split: str, method: str, other: str | None = None) -> bool:
    if other is None:
        return measures.best_of("accuracy", "splits", data, split)[0] == method
    left, right = (measures.last("accuracy", "splits", data, split, name) for name in (method, other))
    assert left is not None and right is not None
    return left.value > right.value


def _reached(measures: Measures, words: list[str]) -> tuple[float, str]:
    """``reached PER CENT/METHOD``: in how many data sets and splits all seeds get so much of the way to the best."""
    way, method = words
    reached = (measures.to_target("bytes", float(way) / 100, *cell, method) for cell in measures.splits_of())
    return _count(sum(each is not None for each in reached))


def _falls(measures: Measures, words: list[str]) -> tuple[float, str]:
    """``falls METHOD/SPLIT``: in how many data sets it ends below its start."""
    method, split = words

    def falls(data: str) -> bool:
        run = ("splits", data, split, method)
        start, end = measures.first("accuracy", *run), measures.last("accuracy", *run)
        assert start is not None and end is not None
        return end.value < start.value

    return _count(sum(falls(data) for data, name in measures.splits_of(method) if name == split))


def _versions(equal: bool) -> Callable[[Measures, list[str]], tuple[float, str]]:
    """``versions METHOD/OTHER``: how many tested versions both have, and ``same``: in how many they are as accurate."""

    def number(measures: Measures, words: list[str]) -> tuple[float, str]:
        accuracies = [
            (row["accuracy"], other["accuracy"])
            for cell in measures.splits_of(*words)
            for runs in zip(*(measures.runs("splits", *cell, method) for method in words), strict=True)
            for row, other in zip(*(run[1:] for run in runs), strict=True)
        ]
        return _count(sum(not equal or left == right for left, right in accuracies))

    return number


def _count(value: int) -> tuple[float, str]:
    return float(value), str(value)


def _combinations(measures: Measures, words: list[str]) -> tuple[float, str]:
    """``combinations [METHOD...]``: how many data sets and splits have runs of these, or of all of the paper's."""
    return _count(len(measures.splits_of(*words)))


def _sets(measures: Measures, words: list[str]) -> tuple[float, str]:
    """``combinations-of SPLIT/METHOD``: how many data sets have runs of a method on a split."""
    split, method = words
    return _count(sum(name == split for _, name in measures.splits_of(method)))


def _edges(measures: Measures, words: list[str]) -> tuple[float, str]:
    """How many chosen learning rates of the four splits are at the edge of their grid."""
    rates = [
        measures.rate(data, split, method) for data, split, method in measures.keys("splits", "data", "split", "method")
    ]
    return _count(sum(rate is not None and rate[1] for rate in rates))


def _choices(measures: Measures, words: list[str]) -> tuple[float, str]:
    return _count(len(measures.keys("splits", "data", "split", "method")))


def _distance(measures: Measures, words: list[str]) -> tuple[float, str]:
    """``distance DATA/BASE``: how many points flora ends below full fine-tuning."""
    _, low, high = base_line(measures, *words)
    return _percent(high.value - low.value)


def _share(measures: Measures, words: list[str]) -> tuple[float, str]:
    """``share DATA/BASE``: the part of full fine-tuning's gain that flora has."""
    start, low, high = base_line(measures, *words)
    value = 100 * (low.value - start.value) / (high.value - start.value)
    return value, f"{value:.0f}"


def _sweep(
    column: str, text: Callable[[float], tuple[float, str]]
) -> Callable[[Measures, list[str]], tuple[float, str]]:
    """A column of ``SWEEP/COMBINATION/METHOD`` in the summary of a scenario's sweep."""

    def number(measures: Measures, words: list[str]) -> tuple[float, str]:
        sweep, combination, method = words
        (row,) = [row for row in measures.sweeps[sweep] if (swept(row), row["method"]) == (combination, method)]
        return text(float(row[f"{column}_mean"]))

    return number


def _device(
    column: str, text: Callable[[float], tuple[float, str]]
) -> Callable[[Measures, list[str]], tuple[float, str]]:
    """A column of ``METHOD`` among the devices that can participate."""

    def number(measures: Measures, words: list[str]) -> tuple[float, str]:
        (row,) = [row for row in measures.parts["devices"] if row["method"] == words[0]]
        return text(float(row[column]))

    return number


def _bytes(value: float) -> tuple[float, str]:
    return value, amount(value, "B")


_NUMBERS: dict[str, Callable[[Measures, list[str]], tuple[float, str]]] = {
    "accuracy": _column("accuracy"),
    "start": _column("accuracy", before=True),
    "client": _column("client_accuracy"),
    "worst": _column("worst_decile"),
    "base": _column("base_accuracy"),
    "novel": _column("novel_accuracy"),
    "start-base": _column("base_accuracy", before=True),
    "start-novel": _column("novel_accuracy", before=True),
    "bytes": _to_target("bytes", "B"),
    "time": _to_target("virtual_time_s", "s"),
    "joules": _to_target("energy_j", "J"),
    "wins": _wins,
    "versions": _versions(equal=False),
    "same": _versions(equal=True),
    "reached": _reached,
    "falls": _falls,
    "combinations": _combinations,
    "combinations-of": _sets,
    "edges": _edges,
    "choices": _choices,
    "distance": _distance,
    "share": _share,
    "sweep": _sweep("final_accuracy", _percent),
    "sweep-start": _sweep("start_accuracy", _percent),
    "sweep-bytes": _sweep("bytes_to_target", _bytes),
    "phones": _device("eligible_share", _percent),
    "memory": _device("peak_memory_bytes", _bytes),
    "payload": _device("payload_bytes", _bytes),
}
