"""Simplifies the names that Unicode and the emoji sets give to pictograms."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .errors import CorporaError
from .phrases import phrase

GEMOJIONE = Path("/usr/share/rubygems-integration/all/gems")

_NOT_PICTURES = re.compile(
    r"^(?:variation selector|emoji (?:modifier|component)|regional indicator|tag |zero width|combining|"
    r"digram for|trigram for|hexagram|.*\b(?:ideograph|cjk)\b|.*\bornamental dingbat)"
)
_KEEPS_ITS_COLOUR = re.compile(
    r"^(?:black|white) (?:circle|square|flag|heart|large|medium|small|cat|bird|chess|star|hair|button|cane)"
)
_SKIN_TONE = re.compile(r"1F3F[B-F]", re.IGNORECASE)


@dataclass(frozen=True)
class EmojiWords:
    """The words for an emoji in gemojione's index."""

    name: str
    keywords: tuple[str, ...]
    category: str


@cache
def index() -> dict[str, EmojiWords]:
    """Gemojione's words by code point(s), such as ``1F600``, in upper case."""
    return {entry["unicode"].upper(): words for entry, words in _entries()}


@cache
def index_by_short_name() -> dict[str, EmojiWords]:
    """Gemojione's words by short name, such as ``grinning``, and by its aliases."""
    found: dict[str, EmojiWords] = {}
    for entry, words in _entries():
        for name in [entry["shortname"], *entry["aliases"]]:
            found.setdefault(name.strip(":"), words)
    return found


def gem_folder() -> Path:
    """The gem's folder, for any version."""
    folders = sorted(GEMOJIONE.glob("gemojione-*"))
    if not folders:
        raise CorporaError("Debian's package ruby-gemojione is missing; install it, or run scripts/corpora.")
    return folders[-1]


def is_skin_tone(code_points: str) -> bool:
    """Whether a sequence is another emoji in a different skin tone, or a skin tone itself."""
    return _SKIN_TONE.search(code_points) is not None


def unicode_name(code_point: int) -> str:
    """The Unicode name in lower case; empty if the character is not a picture."""
    name = unicodedata.name(chr(code_point), "").lower()
    return "" if _NOT_PICTURES.match(name) else name


def plain_name(name: str) -> str:
    """An emoji's name in everyday words; empty if it is not a picture.

    Unicode calls an outline white and a filled shape black, which says nothing about the thing shown,
    so the word is removed.
    """
    text = phrase(name)
    if _NOT_PICTURES.match(text) or "katakana" in text:
        return ""
    if domino := re.fullmatch(r"domino tile horizontal-0(\d)-0(\d)", text):
        return f"domino tile with {domino[1]} and {domino[2]} dots"
    if card := re.fullmatch(r"playing card (\w+ of \w+|\w+ joker)", text):
        return f"{card[1]} playing card"
    if word := re.fullmatch(r"squared (\w+)(.*)", text):
        return f"{word[1]}{word[2]} in a square"
    if not _KEEPS_ITS_COLOUR.match(text):
        text = re.sub(r"^(?:heavy )?(?:black|white) (?=\w)|^heavy (?=\w)", "", text)
        text = re.sub(r"(?<=wards) black(?= arrow)", "", text)
    text = re.sub(r"\b(woman|man)s (?=\w)", r"\1's ", text)
    text = re.sub(r"\boclock\b", "o'clock", text)
    text = re.sub(r"\bnegative (?=squared|circled)", "", text)
    text = re.sub(r"\blatin (?=capital|small)", "", text)
    text = re.sub(r"^(squared|circled) (capital letter \w+)$", r"\2 in a \1", text)
    text = text.replace("in a squared", "in a square").replace("in a circled", "in a circle")
    text = re.sub(r"(?<=\w) (?:symbol|sign)$", "", text) if len(text.split()) > 2 else text
    return text


def _entries() -> list[tuple[dict, EmojiWords]]:
    path = gem_folder() / "config" / "index.json"
    try:
        entries = json.loads(path.read_text(encoding="utf-8")).values()
    except (OSError, ValueError):
        raise CorporaError(f"{path} cannot be read; reinstall Debian's package ruby-gemojione.") from None
    return [
        (entry, EmojiWords(entry["name"], tuple(entry["keywords"]), entry["category"])) for entry in entries
    ]
