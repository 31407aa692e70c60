"""The framing overhead of Flower, gRPC and protobuf."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Framing:
    """The framing overhead of a message: bytes per message, and bytes per byte of payload."""

    overhead: float
    share: float


def measured_framing(messages: list[tuple[int, int]], segment: int = 1448, header: int = 52) -> Framing:
    """The framing that maps payloads to the bytes counted on the wire, from messages of two sizes.

    Each message is a pair of payload and wire bytes; the headers of full packets are subtracted first.
    """
    sizes = sorted({payload for payload, _ in messages})
    if len(sizes) != 2:
        raise ValueError(f"framing needs messages of two sizes, not {len(sizes)}")
    means = []
    for size in sizes:
        wires = [wire for payload, wire in messages if payload == size]
        wire = sum(wires) / len(wires)
        means.append(wire - header * packets_of(wire, segment, header) - size)
    share = (means[1] - means[0]) / (sizes[1] - sizes[0])
    return Framing(means[0] - share * sizes[0], share)


def packets_of(wire: float, segment: int, header: int) -> int:
    """The number of packets, full except for the last, that make up `wire` bytes."""
    return int(-(-wire // (segment + header)))
