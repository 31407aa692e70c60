"""Extracts the named thing from a sentence for children."""

from __future__ import annotations

import re

from .phrases import words_of


def title_of_sentence(sentence: str, category: tuple[str, ...] = ()) -> str:
    """What the first sentence names, without text after a dash or in brackets."""
    text = re.sub(r"\([^)]*\)?|\[[^]]*\]?", " ", sentence)
    text = re.split(r"[.!?](?:\s|$)|[—–:;]|\s-\s", text.strip(" –—“”\"'"))[0]
    text = re.sub(r"^(?:this is|these are|here is|it is|it's)\b", "", text.strip(), flags=re.IGNORECASE)
    title = " ".join(words_of(text))
    title = re.sub(
        r"(?<=\w) (?:(?:is|are|was|means?|called|used|worn|that|which|who|carr(?:y|ies)|lets|stands|resembles|also)\b.*"
        r"|for (?:raking|sweeping|ironing|taking|music|movies).*)$",
        "",
        title,
    )
    hand_sign = r"^(?:a |the )?sign for the (letter|number) (\w+) in american sign language$"
    title = re.sub(hand_sign, r"hand sign for \1 \2", title)
    if "roadsigns" in category and "sign" not in title.split():
        title = f"{title} road sign" if title else ""
    if "chess" in category and title:
        title = f"chess {title}"
    return title
