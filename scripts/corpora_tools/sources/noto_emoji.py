"""Noto Color Emoji: an emoji bitmap font."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import Image

from ..candidate import Candidate
from ..packages import Package
from ..emoji_names import index, is_skin_tone, plain_name, unicode_name

NAME = "noto-emoji"
PACKAGES = (Package("fonts-noto-color-emoji"),)

FONT = Path("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf")
_FIRST_PICTOGRAM = 0x100


def candidates() -> Iterator[Candidate]:
    """The single-code-point emoji."""
    font = TTFont(FONT, lazy=True)
    bitmaps = font["CBDT"].strikeData[0]
    words = index()
    for code_point, glyph in sorted(font.getBestCmap().items()):
        name = unicode_name(code_point)
        if code_point < _FIRST_PICTOGRAM or glyph not in bitmaps or not name:
            continue
        id = f"{code_point:04X}"
        known = words.get(id)
        yield Candidate(
            NAME,
            id,
            plain_name(name),
            partial(_open, bitmaps[glyph].imageData),
            (known.name, *known.keywords) if known else (),
            (known.category,) if known else (),
            "a skin tone" if is_skin_tone(id) else None,
        )


def _open(png: bytes) -> Image.Image | None:
    try:
        with Image.open(io.BytesIO(png)) as image:
            return image.convert("RGBA")
    except OSError:
        return None
