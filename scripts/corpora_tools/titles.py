"""Whether a clip-art title names its picture; otherwise, a title from the file name."""

from __future__ import annotations

import re

from .phrases import phrase, with_colour_first, without_joining_hyphens, without_numbering, words_of

MOST_REPEATS = 12
"""If a title names more pictures than this, it is considered the name of a collection."""

_GENERIC = re.compile(
    r"\b(?:collection|theme|iconset|cliparts?|submission|sibmission|sallite|nicu buculei|"
    r"map elements|openclipart|illustration|aiga|cdrom|pane)\b|^(?:card|advertising|r16|homes|road signs|"
    r"svg road signs|map symbols|simple arrows|people|australian maps|team sketch)\b"
)
_FRAME = re.compile(
    r"\b(?:hotel icon(?: in room)?|aiga|rpg map elem\w*|clip ?art style|inkpen style)\b|(?<=\w) (?:icon|simple)$"
)
_COLOURS = "black|blue|green|grey|orange|pink|purple|red|seagreen|white|yellow"
_NOISE = frozenset("svg png jpg aj ganson openclipart clipart inkscape rev".split())
_LETTERS_THAT_TELL = 4


def is_generic(title: str, repeats: int) -> bool:
    """Whether a title does not describe the individual picture, such as ``part of the flat icon collection``."""
    cleaned = phrase(title)
    return len(cleaned) < 2 or repeats > MOST_REPEATS or _GENERIC.search(cleaned) is not None


def clean_title(title: str, creator: str = "") -> str:
    """A title without its creator's name, file endings and numbering."""
    words = words_of(re.sub(r"\.(?:svg|png|py)\b|\S+@\S+|\(.*?\bemail\b.*?\)", " ", title.replace("_", " ")))
    names = [name for name in words_of(creator) if len(name) >= _LETTERS_THAT_TELL]
    words = [word for word in words if word not in names and word not in _NOISE]
    # "Black and white" comes last in a title, and a number before it is a file number too.
    return _without_frame(without_numbering(with_colour_first(" ".join(words)).split()))


def title_of_stem(stem: str, creator: str = "") -> str:
    """A title from a file name, without the trailing number and creator's name.

    Names may be truncated (``grapes_architetto_fra_01``) and lack accented letters (``s_rgio`` for
    ``Sérgio``), so four letters, or the whole word if shorter, identify a part of the name.
    """
    words = words_of(re.sub(r"[_.]+|-+", " ", stem))
    names = set(words_of(creator)) | set(re.findall(r"[a-z0-9]+", creator.lower()))
    while len(words) > 1 and _ends_a_name(words[-1], names):
        words.pop()
    words = [word for word in words if word not in _NOISE]
    return _without_frame(without_numbering(with_colour_first(" ".join(words)).split()))


def _without_frame(words: list[str]) -> str:
    """Removes words that name the picture's set: ``hotel icon casino``, ``aiga bus``.

    A trailing colour that distinguishes files (``button blue``) moves to the front; so do the directions of arrows.
    """
    text = " ".join(_FRAME.sub(" ", " ".join(without_joining_hyphens(words))).split())
    text = re.sub(rf"^(.+) ({_COLOURS})$", r"\2 \1", text)
    return re.sub(r"\barrow (up|down|left|right)$", r"\1 arrow", text)


def _ends_a_name(word: str, names: set[str]) -> bool:
    if len(word) <= 2 or re.fullmatch(r"\d+[a-z]?", word) or word in _NOISE:
        return word != "bw"
    start = word[:_LETTERS_THAT_TELL]
    return any(name.startswith(start) or (len(name) > 2 and word.startswith(name)) for name in names)
