"""What the folder and file name of a clip-art picture add to its title."""

from __future__ import annotations

import re

MOST_STAR_POINTS = 12

_EXCLUDED_FOLDERS = {
    "special/patterns": "a pattern",
    "special/gradients": "a gradient",
    "computer/diagrams": "a diagram",
    "shapes/flowchart": "a part of a diagram",
    "signs_and_symbols/led": "one of many lamps that differ only in colour",
    "recreation/games/cards/cardbacks": "the back of a card",
}
_SUITS = {"c": "clubs", "d": "diamonds", "h": "hearts", "s": "spades"}
_RANKS = dict(
    zip("a 2 3 4 5 6 7 8 9 10 j q k".split(), "ace two three four five six seven eight nine ten jack queen king".split())
)


def special_title(folder: str, stem: str) -> str | None:
    """The caption of a picture that its file name describes exactly: stars, playing cards, dice."""
    if star := re.fullmatch(r"star_0*(\d+)pt\d+step", stem):
        return f"star with {star[1]} points"
    if folder.startswith("recreation/games/cards/"):
        if card := re.fullmatch(r"[a-z]+_([cdhs])_([ajqk2-9]|10)", stem):
            return f"{_RANKS[card[2]]} of {_SUITS[card[1]]} playing card"
        if re.fullmatch(r"[a-z]+_jk_[br]", stem):
            return "joker playing card"
    return None


def excluded_by_folder(folder: str, stem: str) -> str | None:
    """The reason to exclude a picture by its folder, or None."""
    for excluded, reason in _EXCLUDED_FOLDERS.items():
        if folder == excluded or folder.startswith(excluded + "/"):
            return reason
    if stem.endswith("_bwh"):
        return "a floor plan symbol"
    star = re.fullmatch(r"star_0*(\d+)pt\d+step", stem)
    if star and int(star[1]) > MOST_STAR_POINTS:
        return "a star with too many points to count"
    return None


def is_theme_icon(folder: str, title: str) -> bool:
    """Whether a picture belongs to a desktop icon theme, whose files are named after their function."""
    return folder.startswith("computer/icons/") and "-theme" in folder or bool(
        re.search(r"flat icon collection|(?:svg|gold|icon)[ -]theme|iconset|etiquette icons", title, re.IGNORECASE)
    )


def titled_by_folder(folder: str, title: str, keywords: tuple[str, ...] = ()) -> str:
    """Adds "flag" or "road sign" to titles that only name the country or the danger."""
    words = title.split()
    if folder.startswith("signs_and_symbols/flags") and "flag" not in words and "flags" not in words:
        if words and words[0] != "semaphore":
            return f"flag of {re.sub(r'^(?:usa|united kingdom) (?=.)', '', title)}"
    if folder == "shapes/callouts":
        return "speech balloon"
    if (folder == "transportation/roadsigns" or "roadsign" in keywords) and words and "sign" not in words:
        return f"{title} road sign"
    return title
