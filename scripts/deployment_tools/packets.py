"""Reads the link emulator's log: the bytes on each device's link."""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from .calls import Transfer

DOWN, UP = 0, 1


class Packet(NamedTuple):
    """A record of the link emulator's log; times in nanoseconds."""

    arrival: int
    delivery: int
    sequence: int
    payload: int
    length: int
    port: int
    device: int
    direction: int
    flags: int


RECORD = struct.Struct("<qqIIHHHBB")


def read_packets(path: Path) -> list[Packet]:
    """The packets of a log, whose last record may be incomplete."""
    log = path.read_bytes()
    return [Packet(*fields) for fields in RECORD.iter_unpack(log[: len(log) // RECORD.size * RECORD.size])]


@dataclass(frozen=True)
class Carried:
    """The IP packets with payload that carried a message, each counted once, without retransmissions."""

    wire_bytes: int
    tcp_bytes: int
    # Of packets that were retransmitted or dropped.
    repeated_bytes: int


def carried(packets: list[Packet], transfer: Transfer, device: int, direction: int) -> Carried:
    """The packets of a download that arrived during its calls, or of an upload that were sent during them."""

    def is_part(packet: Packet) -> bool:
        time = packet.delivery if direction == DOWN else packet.arrival
        return (
            packet.device == device
            and packet.direction == direction
            and packet.payload > 0
            and any(start <= time <= end for start, end in transfer.spans)
        )

    part = [packet for packet in packets if is_part(packet)]
    # A device has one connection, so a sequence number identifies a packet; the first copy counts.
    once = {packet.sequence: packet for packet in reversed(part)}.values()
    wire = sum(packet.length for packet in once)
    return Carried(wire, sum(packet.payload for packet in once), sum(packet.length for packet in part) - wire)


def acknowledgements(packets: list[Packet], device: int, direction: int, start: int, end: int) -> int:
    """The bytes of packets without payload sent on a link between two instants."""
    return sum(
        packet.length
        for packet in packets
        if packet.device == device
        and packet.direction == direction
        and packet.payload == 0
        and start <= packet.arrival <= end
    )
