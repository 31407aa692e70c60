"""What a SuperNode's log of calls says: the phases of its device."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Transfer:
    """A download or an upload of one message: the calls that carried it, on the monotonic clock."""

    # Nanoseconds from the start of the first to the end of the last call, of each part that has no other call in it.
    spans: tuple[tuple[int, int], ...]
    # The parts of the message.
    objects: int
    # Of the protobuf messages that carried its head and its parts.
    protobuf_bytes: int = 0

    @property
    def seconds(self) -> float:
        return sum(end - start for start, end in self.spans) / 1e9

    @property
    def start(self) -> int:
        return self.spans[0][0]


def read_lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def transfers(calls: list[dict]) -> tuple[list[Transfer], list[Transfer]]:
    """The downloads and the uploads among a SuperNode's calls, in their order.

    A download is the call of PullMessages that brings a message, and the calls of PullObject for its parts; an upload is
    PushMessages and the calls of PushObject. What comes between them is not part of it: what is asked once for each run, and
    the wait for the parts to come from the program that trained, on the device itself. Nor is the confirmation afterwards.
    """
    downloads, uploads = [], []
    first, parts = None, []

    def close() -> None:
        if first is None or not parts:
            return
        objects = (parts[0]["start"], max(part["end"] for part in parts))
        found, side = (downloads, "response") if first["call"] == "PullMessages" else (uploads, "request")
        protobuf = sum(call[side] for call in [first, *parts])
        found.append(Transfer(((first["start"], first["end"]), objects), len(parts), protobuf))

    for call in sorted(calls, key=lambda call: call["start"]):
        kind = call["call"]
        if kind == "PushMessages" or kind == "PullMessages":
            close()
            first, parts = (call if kind == "PushMessages" or call["messages"] else None), []
        elif kind in ("PullObject", "PushObject"):
            parts.append(call)
    close()
    return downloads, uploads


def empty_calls(calls: list[dict]) -> list[float]:
    """The seconds of the calls that ask for a message when there is none: a round trip and what both ends compute."""
    return [
        (call["end"] - call["start"]) / 1e9 for call in calls if call["call"] == "PullMessages" and not call["messages"]
    ]
