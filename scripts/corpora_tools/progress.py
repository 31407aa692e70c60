"""Progress output for interactive use."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")

_SECONDS_BETWEEN_LINES = 0.2


def shown(items: Iterable[Item], label: str, total: int) -> Iterator[Item]:
    """Yields the items unchanged, with a count on standard error if it is a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    last = 0.0
    for number, item in enumerate(items, start=1):
        if time.monotonic() - last > _SECONDS_BETWEEN_LINES or number == total:
            last = time.monotonic()
            print(f"\r{label}: {number} of {total}\x1b[K", end="", file=sys.stderr, flush=True)
        yield item
    print(file=sys.stderr)
