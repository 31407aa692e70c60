"""Decides which pictures are kept, and their captions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .candidate import Candidate
from .phrases import caption, clean_phrases, says_nothing

if TYPE_CHECKING:
    from PIL.Image import Image


_BLACK_AND_WHITE = "black and white "


@dataclass(frozen=True)
class Pair:
    """A picture's words, as written to the manifest."""

    source: str
    id: str
    caption: str
    keywords: tuple[str, ...]
    category: tuple[str, ...]

    @property
    def file(self) -> str:
        """The picture's path relative to the manifest's folder."""
        return f"pictures/{self.source}/{self.id}.png"


@dataclass(frozen=True)
class LeftOut:
    """An excluded picture, and the reason."""

    source: str
    id: str
    reason: str


@dataclass
class Selection:
    """Applies the rules shared by all sources, and remembers the pictures that it has seen.

    The manually curated lists are arguments: exclusions and captions by source and id, and English
    translations of captions.
    """

    left_out: dict[tuple[str, str], str] = field(default_factory=dict)
    captions: dict[tuple[str, str], str] = field(default_factory=dict)
    translations: dict[str, str] = field(default_factory=dict)
    _seen: dict[str, str] = field(default_factory=dict)

    def words(self, candidate: Candidate) -> Pair | LeftOut:
        """The words of a picture, or why its words exclude it."""
        key = (candidate.source, candidate.id)

        def out(reason: str) -> LeftOut:
            return LeftOut(*key, reason)

        if key in self.left_out:
            return out(self.left_out[key])
        if candidate.exclusion is not None:
            return out(candidate.exclusion)
        text = self.captions.get(key) or caption(self._in_english(candidate.title))
        if says_nothing(text):
            return out("no descriptive words")
        category = clean_phrases(candidate.category)
        keywords = clean_phrases(candidate.keywords, without=(text, *category))
        return Pair(*key, text, keywords, category)

    def repeated(self, pair: Pair, picture_hash: str) -> LeftOut | None:
        """Excludes a picture that was seen before; otherwise remembers it."""
        first = self._seen.setdefault(picture_hash, f"{pair.source}/{pair.id}")
        if first != f"{pair.source}/{pair.id}":
            return LeftOut(pair.source, pair.id, f"the same picture as {first}")
        return None

    def _in_english(self, text: str) -> str:
        plain = caption(text)
        rest = plain.removeprefix(_BLACK_AND_WHITE)
        if rest in self.translations:
            return plain[: len(plain) - len(rest)] + self.translations[rest]
        return text
