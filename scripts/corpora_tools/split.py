"""Decides which pairs are held out."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

HELD_OUT_SHARE = 0.05
FEWEST_HELD_OUT = 500

_SMALL_WORDS = frozenset(("a", "an", "the", "of", "and", "with"))


def split_key(caption: str) -> str:
    """A key shared by all captions of the same thing.

    Ignores hyphens, apostrophes, plurals, small words, word order, and whether a drawing is black and
    white: ``Ice-creams`` and ``black and white ice cream`` have the same key.
    """
    text = caption.replace("black and white", " ").replace("-", " ").replace("'", "")
    words = [_singular(word) for word in text.split() if word not in _SMALL_WORDS]
    return " ".join(sorted(words)) or caption


def held_out_keys(
    captions: Iterable[str], share: float = HELD_OUT_SHARE, fewest: int = FEWEST_HELD_OUT
) -> frozenset[str]:
    """The held-out keys: those with the smallest SHA-256, until they cover enough captions.

    Enough is ``share`` of the captions, and at least ``fewest``. Adding or removing a caption moves the
    boundary by about one key and has no other effect on the split.
    """
    counts = Counter(split_key(caption) for caption in captions)
    wanted = min(max(fewest, round(share * counts.total())), counts.total())
    held_out: set[str] = set()
    pairs = 0
    for key in sorted(counts, key=lambda key: hashlib.sha256(key.encode()).digest()):
        if pairs >= wanted:
            break
        held_out.add(key)
        pairs += counts[key]
    return frozenset(held_out)


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
