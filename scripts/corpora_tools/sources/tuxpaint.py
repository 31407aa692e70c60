"""Tux Paint's stamps: photographs and drawings of things, each with a sentence for children."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from .. import pictures
from ..candidate import Candidate
from ..packages import Package
from ..sentences import title_of_sentence

NAME = "tuxpaint"
PACKAGES = (Package("tuxpaint-stamps-default", files="*"),)

STAMPS = Path("/usr/share/tuxpaint/stamps")


def candidates() -> Iterator[Candidate]:
    """The stamps that have a sentence; the drawing if there is both a drawing and a bitmap."""
    for sentence in sorted(STAMPS.rglob("*.txt")):
        drawing, picture = sentence.with_suffix(".svg"), sentence.with_suffix(".png")
        if drawing.exists():
            load = partial(pictures.render_svg, drawing)
        elif picture.exists():
            load = partial(pictures.read, picture)
        else:
            continue
        id = sentence.relative_to(STAMPS).with_suffix("").as_posix()
        lines = sentence.read_text(encoding="utf-8", errors="replace").splitlines()
        category = tuple(id.split("/")[:-1])
        yield Candidate(
            NAME, id, title_of_sentence(lines[0] if lines else "", category), load, category=category
        )
