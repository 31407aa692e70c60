"""A picture as its package has it, before any rule is applied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True)
class Candidate:
    """One picture of a source, with the words that its package gives to it.

    ``title`` is what the source's own rules made of these words, cleaned; it is empty where they
    say nothing. ``keywords`` and ``category`` are still as the package has them, from the general
    to the special. ``exclusion`` says why the source's rules leave the picture out, if they do.
    ``load`` reads or renders the picture, of any size and mode, or returns None if it cannot.
    """

    source: str
    id: str
    title: str
    load: Callable[[], "Image | None"]
    keywords: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    exclusion: str | None = None
