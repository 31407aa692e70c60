"""A device's recorded sessions, from any of the formats."""

from __future__ import annotations

from dataclasses import dataclass

DAY = 86_400


class TraceError(Exception):
    """Explains in one sentence what is wrong with a file and how to fix it."""


@dataclass(frozen=True)
class Recording:
    """When one device was online, in seconds.

    The recording covers ``start`` to ``start + period`` and is assumed to repeat before and after.
    """

    device: str
    start: float
    period: float
    sessions: tuple[tuple[float, float], ...]

    def __post_init__(self):
        if not self.period > 0:
            raise TraceError(f"device {self.device}: its recording has no duration; remove the device")
        for begin, end in self.sessions:
            if not self.start <= begin <= end <= self.start + self.period:
                raise TraceError(
                    f"device {self.device}: the session from {begin:g} to {end:g} s is outside its recording,"
                    f" {self.start:g} to {self.start + self.period:g} s; correct or remove the device"
                )

    def until(self, end: float) -> list[tuple[float, float]]:
        """The sessions between 0 and ``end``, ascending; adjacent sessions are merged."""
        if not self.sessions:
            return []
        laps = range(-int(self.start // self.period) - 1, int((end - self.start) // self.period) + 2)
        shifted = sorted(
            (begin + lap * self.period, finish + lap * self.period)
            for lap in laps
            for begin, finish in self.sessions
        )
        joined: list[tuple[float, float]] = []
        for begin, finish in shifted:
            begin, finish = max(0.0, begin), min(end, finish)
            if begin >= finish:
                continue
            if joined and begin <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], finish))
            else:
                joined.append((begin, finish))
        return joined
