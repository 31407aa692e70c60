"""Reads the manually curated lists."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..phrases import caption

_FOLDER = Path(__file__).parent


def _rows(name: str, columns: int) -> Iterator[list[str]]:
    """The rows of a list: tab-separated columns; lines that start with ``#`` are comments."""
    for number, line in enumerate((_FOLDER / name).read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != columns:
            raise ValueError(f"{name}, line {number}: {len(fields)} columns instead of {columns}")
        yield fields


def left_out() -> dict[tuple[str, str], str]:
    """The reason to exclude a picture, by source and id."""
    return {(source, id): reason for source, id, reason in _rows("left-out.txt", 3)}


def captions() -> dict[tuple[str, str], str]:
    """The caption of a picture, by source and id, if the rules produce a wrong one."""
    return {(source, id): caption for source, id, caption in _rows("captions.txt", 3)}


def translations() -> dict[str, str]:
    """The English translation of a caption in another language."""
    return {caption(title): english for title, english in _rows("translations.txt", 2)}


def theme_icons() -> dict[str, str]:
    """The caption of an icon-theme picture, by file stem, or by theme and stem."""
    return dict(_rows("theme-icons.txt", 2))
