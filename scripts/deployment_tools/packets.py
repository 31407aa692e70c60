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


@dataclass(frozen=True)
class Carried:
    """What carried a message: IP packets with payload, each counted once however often it was sent."""

    wire_bytes: int
    tcp_bytes: int
    # Of packets that were sent again, or dropped.
    repeated_bytes: int


def carried(packets: np.ndarray, transfer: Transfer, device: int, direction: int) -> Carried:
    """The packets of a download that came within its calls, or those of an upload that left within them."""
    times = packets["delivery"] if direction == DOWN else packets["arrival"]
    chosen = (packets["device"] == device) & (packets["direction"] == direction) & (packets["payload"] > 0)
    within = np.zeros(len(packets), bool)
    for start, end in transfer.spans:
        within |= (times >= start) & (times <= end)
    part = packets[chosen & within]
    # A device has one connection, so a sequence number tells a packet from the others.
    once = part[np.unique(part["sequence"], return_index=True)[1]]
    wire = total(once["length"])
    return Carried(wire, total(once["payload"]), total(part["length"]) - wire)


def total(numbers: np.ndarray) -> int:
    return int(numbers.sum(dtype=np.int64))


def acknowledgements(packets: np.ndarray, device: int, direction: int, start: int, end: int) -> int:
    """The bytes of packets without payload that were put on a link between two instants."""
    times = packets["arrival"]
    chosen = (packets["device"] == device) & (packets["direction"] == direction) & (packets["payload"] == 0)
    return total(packets[chosen & (times >= start) & (times <= end)]["length"])
