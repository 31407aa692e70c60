"""Gemojione: a set of coloured emoji with names, keywords and categories."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from .. import pictures
from ..candidate import Candidate
from ..packages import Package
from ..emoji_names import gem_folder, index, is_skin_tone, plain_name

NAME = "gemojione"
PACKAGES = (Package("ruby-gemojione", files="assets/*"),)


def candidates() -> Iterator[Candidate]:
    """The emoji in the index."""
    for code_points, words in sorted(index().items()):
        path = gem_folder() / "assets" / "png" / f"{code_points}.png"
        if path.exists():
            yield Candidate(
                NAME,
                code_points,
                flag_or(plain_name(words.name), words.category),
                partial(pictures.read, path),
                words.keywords,
                (words.category,),
                "a skin tone" if is_skin_tone(code_points) else None,
            )


def flag_or(name: str, category: str) -> str:
    """Names a flag after its country."""
    return f"flag of {name}" if category == "flags" and "flag" not in name.split() else name
