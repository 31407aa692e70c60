"""The list of cases, which GoldenTableTests also reads."""

import dataclasses
import fnmatch
import pathlib


class CaseError(Exception):
    """An error in the list, as a sentence."""


@dataclasses.dataclass(frozen=True)
class Case:
    """A run whose tables are kept."""

    name: str
    # Relative to the repository's root.
    scenario: str
    # The arguments of --set.
    overrides: tuple[str, ...]
    # Whether devices are selected by their previous losses.
    selects_by_loss: bool


def read(text: str) -> list[Case]:
    """The cases of a list, in order.

    Raises CaseError if a line is not part of a case.
    """
    cases: dict[str, Case] = {}
    scenario = None
    for number, line in _entries(text):
        if line.startswith("["):
            scenario = line.removeprefix("[").removesuffix("]")
            continue
        name, colon, overrides = line.partition(":")
        name, star, rest = name.partition("*")
        name = name.strip()
        if scenario is None or not colon or not name or rest.strip():
            raise CaseError(f"line {number} is neither [SCENARIO] nor NAME: OVERRIDE | OVERRIDE ... below one")
        if name in cases:
            raise CaseError(f"line {number}: duplicate case {name}")
        parts = tuple(part.strip() for part in overrides.split("|") if part.strip())
        cases[name] = Case(name, scenario, parts, bool(star))
    return list(cases.values())


def read_file(file: pathlib.Path) -> list[Case]:
    """The cases of a file."""
    return read(file.read_text(encoding="utf-8"))


def chosen(cases: list[Case], patterns: list[str]) -> list[Case]:
    """The cases whose names match a pattern; all cases if there are no patterns."""
    if not patterns:
        return cases
    return [case for case in cases if any(fnmatch.fnmatchcase(case.name, pattern) for pattern in patterns)]


def _entries(text: str) -> list[tuple[int, str]]:
    """Lines joined with their continuations, without comments, each with its number."""
    entries: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line[0].isspace() and entries:
            first, begun = entries[-1]
            entries[-1] = (first, f"{begun} {line.strip()}")
        else:
            entries.append((number, line.strip()))
    return entries
