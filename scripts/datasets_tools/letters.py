"""Letters: A to Z drawn from the fonts of Debian's packages. The clients are families of fonts."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError
from PIL import Image, ImageDraw, ImageFont

from .debs import Package
from .sample import Sample

PACKAGES = (
    "fonts-cantarell", "fonts-comfortaa", "fonts-crosextra-caladea", "fonts-crosextra-carlito", "fonts-dejavu-core",
    "fonts-dejavu-extra", "fonts-ebgaramond", "fonts-firacode", "fonts-freefont-ttf", "fonts-gfs-didot",
    "fonts-hack-ttf", "fonts-inconsolata", "fonts-junicode", "fonts-jura", "fonts-lato", "fonts-liberation",
    "fonts-linuxlibertine", "fonts-lobstertwo", "fonts-oflb-asana-math", "fonts-open-sans", "fonts-play",
    "fonts-quicksand", "fonts-roboto-unhinted", "fonts-sil-charis", "fonts-sil-gentium", "fonts-urw-base35",
    "fonts-vollkorn",
)  # fmt: skip

SIDE = 32
LETTERS = string.ascii_uppercase
FEWEST_FONTS = 3
"""A family of fewer fonts is left out: its client would have next to nothing."""


def samples(packages: Iterable[Package]) -> Iterator[Sample]:
    """A picture of each letter by each font, families in the order of their names."""
    families: dict[str, dict[str, tuple[Path, str]]] = {}
    for package in packages:
        for path in sorted((package.root / "usr/share/fonts").rglob("*")):
            if path.suffix.lower() in (".ttf", ".otf") and not path.is_symlink():
                names = family_and_style(path)
                if names is not None:
                    source = f"{package.name}:{path.relative_to(package.root)}"
                    families.setdefault(names[0], {}).setdefault(names[1], (path, source))
    for family in sorted(families):
        fonts = families[family]
        drawn = [(style, *fonts[style]) for style in sorted(fonts)]
        if len(drawn) >= FEWEST_FONTS:
            for style, path, source in drawn:
                for letter, image in pictures(path):
                    yield Sample(family, letter, style, f"{source}#{letter}", image)


def family_and_style(path: Path) -> tuple[str, str] | None:
    """The names in the font's own table; None where it lacks a letter or cannot be read."""
    try:
        font = TTFont(path, lazy=True)
        code_points = font.getBestCmap() or {}
        names = font["name"]
        family = names.getDebugName(16) or names.getDebugName(1)
        style = names.getDebugName(17) or names.getDebugName(2)
    except (TTLibError, KeyError, OSError, AssertionError):
        return None
    if not family or not style or not all(ord(letter) in code_points for letter in LETTERS):
        return None
    return family.strip(), style.strip()


def pictures(path: Path) -> Iterator[tuple[str, Image.Image]]:
    """Each letter in black on white, in the middle of the picture, all letters of a font at one size."""
    font = ImageFont.truetype(str(path), 3 * SIDE, layout_engine=ImageFont.Layout.BASIC)
    for letter in LETTERS:
        large = Image.new("L", (6 * SIDE, 6 * SIDE), 255)
        ImageDraw.Draw(large).text((3 * SIDE, 3 * SIDE), letter, font=font, fill=0, anchor="mm")
        box = large.point(lambda value: 255 - value).getbbox()
        if box is None:
            continue
        middle = ((box[0] + box[2]) // 2, (box[1] + box[3]) // 2)
        half = 2 * SIDE
        crop = large.crop((middle[0] - half, middle[1] - half, middle[0] + half, middle[1] + half))
        yield letter, crop.resize((SIDE, SIDE), Image.Resampling.BOX)
