"""The Open Clip Art Library: drawings of all kinds, with titles and keywords by their authors."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PIL.Image import Image

from .. import data, pictures
from ..candidate import Candidate
from ..clip_art_folders import excluded_by_folder, is_theme_icon, special_title, titled_by_folder
from ..packages import Package
from ..phrases import phrase
from ..titles import clean_title, is_generic, title_of_stem

NAME = "openclipart"
PACKAGES = (Package("openclipart-png"), Package("openclipart-svg"))

PICTURES = Path("/usr/share/openclipart/png")
DRAWINGS = Path("/usr/share/openclipart/svg")

_FOLDERS_THAT_SAY_NOTHING = frozenset(("unsorted", "special", "duplicates", "examples", "icons"))


def candidates() -> Iterator[Candidate]:
    """The pictures that are regular files; links in other folders are skipped."""
    paths = sorted(path for path in PICTURES.rglob("*.png") if not path.is_symlink())
    found = [(path, _Metadata.of(path)) for path in paths]
    repeats = Counter(phrase(metadata.title) for _, metadata in found)
    themes = data.theme_icons()
    for path, metadata in found:
        id = path.relative_to(PICTURES).with_suffix("").as_posix()
        folder, _, stem = id.rpartition("/")
        title = special_title(folder, stem)
        exclusion = None
        if title is None and is_theme_icon(folder, metadata.title):
            theme = next((part for part in folder.split("/") if part.endswith("-theme")), "")
            title = themes.get(f"{theme}/{stem.lower()}") or themes.get(stem.lower(), "")
            exclusion = None if title else "an icon for a program or an action"
        if title is None:
            generic = is_generic(metadata.title, repeats[phrase(metadata.title)])
            title = (
                title_of_stem(stem, metadata.creator)
                if generic
                else clean_title(metadata.title, metadata.creator)
            ) or title_of_stem(stem, metadata.creator)
            title = titled_by_folder(folder, title, metadata.keywords)
        yield Candidate(
            NAME,
            id,
            title,
            partial(_load, path),
            metadata.keywords,
            tuple(part for part in folder.split("/") if part not in _FOLDERS_THAT_SAY_NOTHING),
            exclusion or excluded_by_folder(folder, stem),
        )


class _Metadata:
    """The metadata in a drawing's file."""

    def __init__(self, title: str, creator: str, keywords: tuple[str, ...]):
        self.title = title
        self.creator = creator
        self.keywords = keywords

    @classmethod
    def of(cls, picture: Path) -> "_Metadata":
        """Reads the drawing that belongs to a picture as text, since many are not well-formed."""
        drawing = _drawing_of(picture)
        try:
            text = drawing.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return cls("", "", ())

        def first(pattern: str) -> str:
            found = re.search(pattern, text, re.DOTALL)
            # Some are escaped twice.
            return html.unescape(html.unescape(found[1])).strip() if found else ""

        return cls(
            first(r"<dc:title>\s*([^<]*)"),
            first(r"<dc:creator>.*?<dc:title>\s*([^<]*)"),
            tuple(html.unescape(keyword) for keyword in re.findall(r"<rdf:li>([^<]*)", text)),
        )


def _drawing_of(picture: Path) -> Path:
    return DRAWINGS / picture.relative_to(PICTURES).with_suffix(".svg")


def _load(path: Path) -> Image | None:
    """The picture; rendered from its drawing if the picture is too small."""
    image = pictures.read(path)
    box = pictures.visible_box(image) if image else None
    if box is not None and max(box[2] - box[0], box[3] - box[1]) >= pictures.SIDE:
        return image
    rendered = pictures.render_svg(_drawing_of(path))
    return image if rendered is None or pictures.visible_box(rendered) is None else rendered
