"""emojify.js: another set of coloured emoji, named by their short names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from .. import pictures
from ..candidate import Candidate
from ..packages import Package
from ..phrases import phrase
from ..emoji_names import index_by_short_name, plain_name
from .gemojione import flag_or

NAME = "emojify"
PACKAGES = (Package("libjs-emojify", files="*"),)

EMOJI = Path("/usr/share/javascript/emojify.js/images/emoji")


def candidates() -> Iterator[Candidate]:
    """The set's pictures, with gemojione's words for the same short name."""
    index = index_by_short_name()
    for path in sorted(EMOJI.glob("*.png")):
        words = index.get(path.stem)
        short_name = phrase(path.stem.replace("_", " "))
        load = partial(pictures.read, path)
        if words is None:
            yield Candidate(NAME, path.stem, short_name, load)
        else:
            title = flag_or(plain_name(words.name), words.category)
            yield Candidate(NAME, path.stem, title, load, (short_name, *words.keywords), (words.category,))
