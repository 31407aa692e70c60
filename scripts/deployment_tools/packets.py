"""What the link emulator's log says: the bytes on each device's link."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .calls import Transfer

DOWN, UP = 0, 1
PACKET = np.dtype(
    [
        ("arrival", "<i8"), ("delivery", "<i8"), ("sequence", "<u4"), ("payload", "<u4"), ("length", "<u2"),
        ("port", "<u2"), ("device", "<u2"), ("direction", "u1"), ("flags", "u1"),
    ]
)
"""A record of the link emulator's log."""


def read_packets(path: Path) -> np.ndarray:
    return np.fromfile(path, PACKET)


def carried(packets: np.ndarray, transfer: Transfer, device: int, direction: int) -> tuple[int, int]:
    """The bytes of the IP packets that carried a transfer, and those of TCP's payload in them.

    Of a download they are those that came within its calls, of an upload those that left within them.
    """
    times = packets["delivery"] if direction == DOWN else packets["arrival"]
    chosen = (packets["device"] == device) & (packets["direction"] == direction) & (packets["payload"] > 0)
    within = np.zeros(len(packets), bool)
    for start, end in transfer.spans:
        within |= (times >= start) & (times <= end)
    part = packets[chosen & within]
    return int(part["length"].sum(dtype=np.int64)), int(part["payload"].sum(dtype=np.int64))


@dataclass(frozen=True)
class LinkBytes:
    """Bytes of IP packets on one direction of a link, by what they are for."""

    acknowledgements: int
    all: int


def link_bytes(packets: np.ndarray, device: int, direction: int, start: int, end: int) -> LinkBytes:
    """All that was put on a link between two instants."""
    times = packets["arrival"]
    chosen = (packets["device"] == device) & (packets["direction"] == direction) & (times >= start) & (times <= end)
    part = packets[chosen]
    bare = part[part["payload"] == 0]
    return LinkBytes(int(bare["length"].sum(dtype=np.int64)), int(part["length"].sum(dtype=np.int64)))
