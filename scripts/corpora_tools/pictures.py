"""Reads, renders, crops and scales pictures."""

from __future__ import annotations

import hashlib
import io
import subprocess
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from .errors import CorporaError

SIDE = 64
"""The longest side of a prepared picture, in pixels."""

_VISIBLE_ALPHA = 8
_RENDERED_SIDE = 4 * SIDE
_THINNEST_SIDE = 4
_FEWEST_VISIBLE_PIXELS = SIDE * SIDE // 64
_RENDERING_SECONDS = 60

# Some maps in the packages exceed the size that Pillow treats as a decompression bomb.
Image.MAX_IMAGE_PIXELS = None


def read(path: Path) -> Image.Image | None:
    """The picture in a file, or None if it cannot be read."""
    try:
        with Image.open(path) as image:
            return image.convert("RGBA")
    except (OSError, ValueError, SyntaxError):
        return None


def render_svg(path: Path) -> Image.Image | None:
    """A vector drawing, rendered at several times the prepared size, or None if it cannot be rendered."""
    size = str(_RENDERED_SIDE)
    command = ["rsvg-convert", "--keep-aspect-ratio", "-w", size, "-h", size, str(path)]
    try:
        drawn = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=_RENDERING_SECONDS
        )
        with Image.open(io.BytesIO(drawn.stdout)) as image:
            return image.convert("RGBA")
    except FileNotFoundError:
        raise CorporaError("rsvg-convert is missing; install Debian's package librsvg2-bin.") from None
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def render_glyph(font: ImageFont.FreeTypeFont, character: str) -> Image.Image:
    """A glyph in black on a transparent background."""
    side = 3 * font.size
    alpha = Image.new("L", (side, side))
    ImageDraw.Draw(alpha).text((side // 2, side // 2), character, font=font, fill=255, anchor="mm")
    image = Image.new("RGBA", (side, side))
    image.putalpha(alpha)
    return image


def open_font(path: Path) -> ImageFont.FreeTypeFont:
    """A font large enough for :func:`render_glyph`.

    The basic layout gives the same result with or without an installed shaping library.
    """
    return ImageFont.truetype(str(path), 2 * SIDE, layout_engine=ImageFont.Layout.BASIC)


def visible_box(image: Image.Image) -> tuple[int, int, int, int] | None:
    """The smallest box around the visible pixels, or None if there are none."""
    return image.getchannel("A").point(lambda alpha: 255 * (alpha >= _VISIBLE_ALPHA)).getbbox()


def prepared(image: Image.Image) -> Image.Image | None:
    """The visible part of a picture in RGBA, at most 64 pixels on its longest side, never enlarged.

    Colours are scaled premultiplied, so that hidden colours of transparent pixels do not bleed, and stored
    unpremultiplied. None if almost nothing is visible.
    """
    image = image.convert("RGBA")
    box = visible_box(image)
    if box is None:
        return None
    image = image.crop(box).convert("RGBa")
    scale = SIDE / max(image.size)
    if scale < 1:
        width, height = (max(1, round(scale * side)) for side in image.size)
        image = image.resize((width, height), Image.Resampling.HAMMING, reducing_gap=4)
    image = image.convert("RGBA")
    return None if _shows_nothing(image) else image


def pixel_hash(image: Image.Image) -> str:
    """Equal only for pictures with the same size and pixels."""
    digest = hashlib.sha256(repr(image.size).encode())
    digest.update(image.tobytes())
    return digest.hexdigest()


def _shows_nothing(image: Image.Image) -> bool:
    if min(image.size) < _THINNEST_SIDE:
        return True
    alpha = image.getchannel("A")
    if sum(alpha.histogram()[64:]) < _FEWEST_VISIBLE_PIXELS:
        return True
    opaque = alpha.getextrema()[0] == 255
    return opaque and all(high - low < 8 for low, high in image.convert("RGB").getextrema())
