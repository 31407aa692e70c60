"""Plain English phrases from the names that packages give their pictures."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable

LONGEST_CAPTION = 8
LONGEST_KEYWORD = 25
MOST_KEYWORDS = 8

_WORD = re.compile(r"[a-z0-9]+(?:['-][a-z0-9]+)*")
_TYPOGRAPHY = str.maketrans({"‘": "'", "’": "'", "‐": "-", "‑": "-", "–": " ", "—": " ", "&": " and "})
_BLACK_AND_WHITE = re.compile(r"\b(?:b and w|b w|bw|bn|black and white|black white)\b")
_FUNCTION_WORDS = frozenset(
    "a an and are as at be by for from her his if in into is it its like near no of on or our out over "
    "some than that the their this to two under up very was what where which who with your".split()
)
_KEYWORDS_THAT_SAY_NOTHING = frozenset(
    "art cad cam clip art|clipart|cleanup|color|cool|duplicates|example|examples|external|hash|icon|icons|"
    "lemon theme icon|magick|misc|miscellaneous|miscellany|n a|no|none|openclipart|other|public domain|"
    "religholiday|remix|sign|signs and symbols|special|symbol|symbols|theme|todo|unsorted|various|yes".split("|")
)


def words_of(text: str) -> list[str]:
    """The lower-case words of a text, without accents.

    Hyphens and apostrophes are kept inside words only; digits count as letters.
    """
    text = html.unescape(text).translate(_TYPOGRAPHY)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _WORD.findall(plain.lower())


def phrase(text: str) -> str:
    """The words of a text with single spaces between them."""
    return " ".join(words_of(text))


def without_numbering(words: list[str]) -> list[str]:
    """Removes numbers that only distinguish files: ``dog 06``, ``guitar1``, ``cake-2``.

    Numbers before other words are counts and are kept: ``2 scoop ice cream``.
    """
    kept = [word for word in words if not re.fullmatch(r"0\d*[a-z]?", word)]
    while len(kept) > 1 and re.fullmatch(r"\d+[a-z]?", kept[-1]):
        kept.pop()
    if kept:
        kept[-1] = re.sub(r"(?<=[a-z]{2})-?\d+$", "", kept[-1])
    return kept


def without_article(words: list[str]) -> list[str]:
    """Removes a leading ``a``, ``an``, ``the`` or ``some``."""
    if len(words) > 1 and words[0] in ("a", "an", "the", "some"):
        return words[1:]
    return words


def without_joining_hyphens(words: list[str]) -> list[str]:
    """Splits hyphenated words such as ``arrow-down-blue``, but not ``t-shirt``.

    If a part is a single letter, the hyphen belongs to the word.
    """
    parted: list[str] = []
    for word in words:
        parts = word.split("-")
        parted += [word] if any(len(part) == 1 and part.isalpha() for part in parts) else parts
    return parted


def shortened(words: list[str], most: int = LONGEST_CAPTION) -> list[str]:
    """At most ``most`` words, not ending with one that requires a following word."""
    if len(words) > most:
        words = words[:most]
        while words and words[-1] in _FUNCTION_WORDS:
            words = words[:-1]
    return words


def with_colour_first(text: str) -> str:
    """``baseball glove bw`` becomes ``black and white baseball glove``."""
    rest = _BLACK_AND_WHITE.sub(" ", text)
    if rest == text or not rest.strip():
        return text
    return " ".join(["black and white", *rest.split()])


def caption(text: str) -> str:
    """A caption from a title: lower case, no leading article, at most eight words."""
    words = without_joining_hyphens(with_colour_first(phrase(text)).split())
    return " ".join(shortened(without_article(words)))


def says_nothing(text: str) -> bool:
    """Whether a caption has no meaningful word of two or more letters."""
    words = text.split()
    return not any(len(re.sub(r"[^a-z]", "", word)) >= 2 and word not in _FUNCTION_WORDS for word in words)


def clean_phrases(
    texts: Iterable[str], without: Iterable[str] = (), most: int = MOST_KEYWORDS
) -> tuple[str, ...]:
    """Short meaningful phrases, each once, in the order given, without those in ``without``."""
    unwanted = set(without)
    kept: list[str] = []
    for text in texts:
        cleaned = " ".join(without_numbering(without_joining_hyphens(words_of(text.replace("_", " ")))))
        if (
            2 < len(cleaned) <= LONGEST_KEYWORD
            and cleaned not in unwanted
            and cleaned not in kept
            and cleaned not in _KEYWORDS_THAT_SAY_NOTHING
            and not says_nothing(cleaned)
        ):
            kept.append(cleaned)
    return tuple(kept[:most])
