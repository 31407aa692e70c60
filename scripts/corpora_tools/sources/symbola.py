"""Symbola: black pictograms in a uniform style."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from fontTools.ttLib import TTFont

from .. import pictures
from ..candidate import Candidate
from ..packages import Package
from ..emoji_names import index, is_skin_tone, plain_name, unicode_name

NAME = "symbola"
PACKAGES = (Package("fonts-symbola"),)

FONT = Path("/usr/share/fonts/truetype/ancient-scripts/Symbola_hint.ttf")

BLOCKS = (
    (0x2600, 0x26FF),  # Miscellaneous Symbols
    (0x2700, 0x27BF),  # Dingbats
    (0x1F000, 0x1F0FF),  # Mahjong Tiles, Domino Tiles, Playing Cards
    (0x1F300, 0x1F6FF),  # Pictographs, Emoticons, Ornamental Dingbats, Transport
    (0x1F900, 0x1FAFF),  # Supplemental Symbols and Pictographs, Chess Symbols, and Extended-A
)
"""The Unicode blocks of pictures, as opposed to letters, arrows or alchemical symbols."""


_COLOURS = frozenset("red blue green yellow orange purple brown".split())
_SAYS_LITTLE = re.compile(
    r"\b(?:trump-\d+|playing card (?:fool|back)|tile back|horizontal back|ornament|ligature|semicircle|"
    r"pommee|font size|marks chapter|rays (?:above|below|left|right)|script x|bold script|bold check|"
    r"overlap|maximize|cancellation x|mood|lightning mood|pointing (?:vine )?(?:leaf|bud)|turned .*leaf|"
    r"dingbat|punctuation|drop-shadowed|alchemical|sesquiquadrate|semisextile|quincunx|sextile|formee|"
    r"half circle|facing (?:notched )?hook|solidus|node|conjunction|opposition|vertical bar|shadowed|"
    r"saltire|converging|ceres|pallas|juno|vesta|chiron|lilith|interlaced|bullet|monogram|divorce|"
    r"marriage|unmarried|neuter|falling diagonal|astronomical|lot of|emphasis|parenthesis|bracket|"
    r"quotation mark|leftwards rocket|downwards rocket)\b"
)


def candidates() -> Iterator[Candidate]:
    """The glyphs in the picture blocks."""
    code_points = TTFont(FONT, lazy=True).getBestCmap()
    font = pictures.open_font(FONT)
    words = index()
    for code_point in sorted(code_points):
        name = unicode_name(code_point)
        if not name or not any(first <= code_point <= last for first, last in BLOCKS):
            continue
        id = f"{code_point:04X}"
        known = words.get(id)
        yield Candidate(
            NAME,
            id,
            without_colours(plain_name(name)),
            partial(pictures.render_glyph, font, chr(code_point)),
            (known.name, *known.keywords) if known else (),
            (known.category,) if known else (),
            exclusion(id, name),
        )


def without_colours(name: str) -> str:
    """Removes colours from the name, since glyphs are black; except for mahjong's dragons."""
    if name.startswith("mahjong"):
        return name
    return " ".join(word for word in name.split() if word not in _COLOURS)


def exclusion(id: str, name: str) -> str | None:
    """The reason to exclude a glyph, or None."""
    if is_skin_tone(id):
        return "a skin tone"
    if name.startswith("domino tile vertical"):
        return "a domino tile that also exists horizontally"
    if " arrow" in name and int(id, 16) >= 0x2794 and int(id, 16) <= 0x27BF:
        return "one of many arrows that differ only in their ends"
    if _SAYS_LITTLE.search(name):
        return "an ornament, a printer's mark or a tarot card"
    return None
