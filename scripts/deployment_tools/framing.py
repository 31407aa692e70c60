"""What the messages of Flower, gRPC and protobuf have beside their payload."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Framing:
    """What a message has beside its payload: bytes of each message, and bytes for each byte of payload."""

    overhead: float
    share: float


def measured_framing(messages: list[tuple[int, int]], segment: int = 1448, header: int = 52) -> Framing:
    """The framing by which payloads become what was counted on the wire, from messages of two sizes.

    Each message is its payload and its bytes on the wire; the headers of full packets are taken off first.
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
    """How many full packets, the last one shorter, make up so many bytes on the wire."""
    return int(-(-wire // (segment + header)))
