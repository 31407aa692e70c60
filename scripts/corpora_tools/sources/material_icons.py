"""Material Design Icons: monochrome icons by the community."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from .. import pictures
from ..candidate import Candidate
from ..icon_names import exclusion, plain_name
from ..packages import Package

NAME = "material-icons"
PACKAGES = (Package("fonts-materialdesignicons-webfont"),)

FONT = Path("/usr/share/fonts/truetype/materialdesignicons-webfont/materialdesignicons-webfont.ttf")
STYLE_SHEET = Path("/usr/share/fonts-materialdesignicons-webfont/css/materialdesignicons.css")

_ICON = re.compile(r"\.mdi-([a-z0-9-]+):before\s*\{\s*content:\s*\"\\([0-9A-Fa-f]+)\"")

def candidates() -> Iterator[Candidate]:
    """The icons named in the style sheet."""
    font = pictures.open_font(FONT)
    for name, code_point in sorted(_ICON.findall(STYLE_SHEET.read_text(encoding="utf-8"))):
        glyph = chr(int(code_point, 16))
        yield Candidate(
            NAME,
            name,
            plain_name(name),
            partial(pictures.render_glyph, font, glyph),
            category=("icon",),
            exclusion=exclusion(name),
        )
