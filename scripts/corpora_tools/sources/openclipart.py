"""The Open Clip Art Library: drawings of everything, with titles and keywords by their authors."""

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
from ..packages import Package
from ..phrases import phrase
from ..titles import clean_title, is_generic, title_of_stem

NAME = "openclipart"
PACKAGES = (Package("openclipart-png"), Package("openclipart-svg"))

PICTURES = Path("/usr/share/openclipart/png")
DRAWINGS = Path("/usr/share/openclipart/svg")

MOST_STAR_POINTS = 12

_FOLDERS_THAT_SAY_NOTHING = frozenset(("unsorted", "special", "duplicates", "examples", "icons"))
_EXCLUDED_FOLDERS = {
    "special/patterns": "a pattern",
    "special/gradients": "a gradient",
    "computer/diagrams": "a diagram",
    "shapes/flowchart": "a diagram's part",
    "signs_and_symbols/led": "one of many lamps that differ in colour only",
    "recreation/games/cards/cardbacks": "the back of a card",
}
_SUITS = {"c": "clubs", "d": "diamonds", "h": "hearts", "s": "spades"}
_RANKS = {"a": "ace", "j": "jack", "q": "queen", "k": "king"}


def candidates() -> Iterator[Candidate]:
    """The pictures that are files of their own; links to them in other folders are passed over."""
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
            title = themes.get(stem.lower(), "")
            exclusion = None if title else "an icon that stands for a program or an action"
        if title is None:
            generic = is_generic(metadata.title, repeats[phrase(metadata.title)])
            title = (
                title_of_stem(stem, metadata.creator)
                if generic
                else clean_title(metadata.title, metadata.creator)
            ) or title_of_stem(stem, metadata.creator)
            title = titled_by_folder(folder, title)
        yield Candidate(
            NAME,
            id,
            title,
            partial(_load, path),
            metadata.keywords,
            tuple(part for part in folder.split("/") if part not in _FOLDERS_THAT_SAY_NOTHING),
            exclusion or excluded_by_folder(folder, stem),
        )


def special_title(folder: str, stem: str) -> str | None:
    """The caption of a picture that its file's name describes exactly: stars, playing cards, dice."""
    if star := re.fullmatch(r"star_0*(\d+)pt\d+step", stem):
        return f"star with {star[1]} points"
    if folder.startswith("recreation/games/cards/"):
        if card := re.fullmatch(r"[a-z]+_([cdhs])_([ajqk]|\d+)", stem):
            return f"{_RANKS.get(card[2], card[2])} of {_SUITS[card[1]]} playing card"
        if re.fullmatch(r"[a-z]+_jk_[br]", stem):
            return "joker playing card"
    return None


def excluded_by_folder(folder: str, stem: str) -> str | None:
    """Why a picture is left out by where it lies, or None."""
    for excluded, reason in _EXCLUDED_FOLDERS.items():
        if folder == excluded or folder.startswith(excluded + "/"):
            return reason
    star = re.fullmatch(r"star_0*(\d+)pt\d+step", stem)
    if star and int(star[1]) > MOST_STAR_POINTS:
        return "a star of more points than can be told"
    return None


def is_theme_icon(folder: str, title: str) -> bool:
    """Whether a picture belongs to a desktop's icon theme, whose files are named by what they do."""
    return folder.startswith("computer/icons/") and "-theme" in folder or bool(
        re.search(r"flat icon collection|(?:svg|gold|icon)[ -]theme|iconset|etiquette icons", title, re.IGNORECASE)
    )


def titled_by_folder(folder: str, title: str) -> str:
    """A flag's title names a country and a map's a region; says that it is a flag or a map."""
    words = title.split()
    if folder.startswith("signs_and_symbols/flags") and "flag" not in words and "flags" not in words:
        if words and words[0] != "semaphore":
            return f"flag of {title}"
    if folder == "transportation/roadsigns" and words and "sign" not in words:
        return f"{title} road sign"
    return title


class _Metadata:
    """What the drawing's file says about itself."""

    def __init__(self, title: str, creator: str, keywords: tuple[str, ...]):
        self.title = title
        self.creator = creator
        self.keywords = keywords

    @classmethod
    def of(cls, picture: Path) -> "_Metadata":
        """Reads the drawing that belongs to a picture, as text: many are not well-formed."""
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
    """The picture; its drawing rendered anew where the picture is smaller than can be used."""
    image = pictures.read(path)
    box = pictures.visible_box(image) if image else None
    if box is not None and max(box[2] - box[0], box[3] - box[1]) >= pictures.SIDE:
        return image
    rendered = pictures.render_svg(_drawing_of(path))
    return image if rendered is None or pictures.visible_box(rendered) is None else rendered
