"""Recorded bandwidth: Pensieve's two columns, and Mahimahi's packet deliveries.

Pensieve has a second and a throughput in Mbit/s a line. A throughput was measured up to its line's second, from that of the
line before, as Pensieve's own simulator takes it; the first line's is not used. Mahimahi has a millisecond a line, at which the
link can deliver a packet of 1500 bytes, and begins again after the last.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from .recording import TraceError

PACKET_BITS = 8 * 1500


@dataclass(frozen=True)
class Rates:
    """A link's rates: (from, up to, Mbit/s), without gaps from 0 on."""

    steps: tuple[tuple[float, float, float], ...]

    @property
    def period(self) -> float:
        """After how many seconds they repeat."""
        return self.steps[-1][1]

    def at(self, second: float) -> float:
        """The rate at an instant."""
        index = bisect_right(self.steps, (second % self.period, float("inf")))
        return self.steps[index - 1][2]

    def starts(self, end: float) -> list[float]:
        """The instants before ``end`` at which a rate begins, over as many cycles as there are."""
        laps = range(int(end // self.period) + 1)
        return [lap * self.period + start for lap in laps for start, _, _ in self.steps if lap * self.period + start < end]


def is_bandwidth(data: bytes) -> bool:
    """Whether a file has one or two numbers on its first line."""
    line = data.lstrip(b"\xef\xbb\xbf").split(b"\n", 1)[0].split()
    try:
        return len(line) in (1, 2) and all(float(word) >= 0 for word in line)
    except ValueError:
        return False


def read(file: Path, window: float) -> Rates:
    """The rates of a trace in either form; of Mahimahi's the mean over windows of so many seconds.

    Raises:
        TraceError: where it is neither.
    """
    rows: list[list[float]] = []
    text = file.read_text(encoding="utf-8-sig", errors="replace")
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words:
            continue
        try:
            rows.append([float(word) for word in words])
        except ValueError:
            raise TraceError(f'line {number}: expected numbers, found "{line.strip()[:60]}"; correct the line') from None
        if len(words) != len(rows[0]) or len(words) > 2:
            raise TraceError(f"line {number}: expected {min(len(rows[0]), 2)} numbers, found {len(words)}; correct the line")
        if not all(0 <= value < float("inf") for value in rows[-1]):
            raise TraceError(f"line {number}: expected numbers of at least 0; correct the line")
        if len(rows) > 1 and rows[-1][0] < rows[-2][0]:
            raise TraceError(f"line {number}: its time is before that of the line before; sort the lines")
    if not rows:
        raise TraceError("it holds no line; give a trace of Pensieve's or Mahimahi's")
    return _deliveries([row[0] for row in rows], window) if len(rows[0]) == 1 else _throughputs(rows)


def _throughputs(rows: list[list[float]]) -> Rates:
    first = rows[0][0]
    steps = tuple(
        (before[0] - first, after[0] - first, after[1]) for before, after in zip(rows, rows[1:]) if after[0] > before[0]
    )
    if not steps:
        raise TraceError("it holds a single instant; a trace of Pensieve's has two lines at least")
    return Rates(steps)


def _deliveries(milliseconds: list[float], window: float) -> Rates:
    period = milliseconds[-1] / 1000
    if period <= 0:
        raise TraceError("all packets are at 0 ms; a trace of Mahimahi's goes on for longer")
    count = max(1, round(period / window))
    ends = [period * (index + 1) / count for index in range(count)]
    packets = [0] * count
    index = 0
    for millisecond in milliseconds:
        # A packet belongs to the window at whose end it is delivered at the latest.
        while index < count - 1 and millisecond / 1000 > ends[index] + 1e-9:
            index += 1
        packets[index] += 1
    starts = [0.0, *ends[:-1]]
    return Rates(
        tuple((start, end, number * PACKET_BITS / (end - start) / 1e6) for start, end, number in zip(starts, ends, packets))
    )


def table(down: Rates, up: Rates) -> str:
    """Both ways as the CSV ``seconds,down_mbps,up_mbps``, as long as ``down``; ``up`` repeats, or is cut."""
    starts = sorted({*down.starts(down.period), *up.starts(down.period)})
    rows = [f"{start:.9g},{down.at(start):.9g},{up.at(start):.9g}" for start in starts]
    return "\n".join(["seconds,down_mbps,up_mbps", *rows, f"{down.period:.9g},,"]) + "\n"
