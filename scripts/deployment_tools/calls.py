"""Extracts the phases of a device from its SuperNode's call log."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Transfer:
    """A download or an upload of one message, with its calls on the monotonic clock."""

    # Nanoseconds from the start of the first to the end of the last call of each uninterrupted sequence.
    spans: tuple[tuple[int, int], ...]
    # The number of message parts.
    objects: int
    # The bytes of the protobuf messages that carried its head and parts.
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
    """The downloads and uploads among a SuperNode's calls, in order.

    A download is the PullMessages call that returns a message, and the PullObject calls for its parts; an upload is
    PushMessages and the PushObject calls. It excludes calls in between, which are made once per run, the wait for the parts from
    the training program on the device itself, and the confirmation afterwards.
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
    """The seconds of calls that poll without receiving a message: a round trip plus the computation at both ends."""
    return [
        (call["end"] - call["start"]) / 1e9 for call in calls if call["call"] == "PullMessages" and not call["messages"]
    ]
