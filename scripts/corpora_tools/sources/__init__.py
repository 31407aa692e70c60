"""The picture sources, each a module with its own rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..candidate import Candidate
from ..packages import Package
from . import emojify, gemojione, material_icons, noto_emoji, openclipart, symbola, tuxpaint


@dataclass(frozen=True)
class Source:
    """A source of pictures: its name in the manifest, its packages, and how to list its pictures."""

    name: str
    packages: tuple[Package, ...]
    candidates: Callable[[], Iterable[Candidate]]


SOURCES = tuple(
    Source(module.NAME, module.PACKAGES, module.candidates)
    for module in (openclipart, tuxpaint, noto_emoji, gemojione, emojify, symbola, material_icons)
)
"""All sources. Of equal pictures, the one from the earlier source is kept."""
