"""A picture as its package provides it, before any rule is applied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True)
class Candidate:
    """One picture of a source, with the words that its package gives it.

    ``title`` is what the source's own rules derived from these words, cleaned; it is empty if they
    derive nothing. ``keywords`` and ``category`` are unchanged, from general to specific. ``exclusion``
    is the reason if the source's rules exclude the picture. ``load`` reads or renders the picture, in
    any size and mode, or returns None if it cannot.
    """

    source: str
    id: str
    title: str
    load: Callable[[], "Image | None"]
    keywords: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    exclusion: str | None = None
