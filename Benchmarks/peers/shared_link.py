"""A server's link for simpy, whose capacity the transfers share max-min fairly.

Each transfer has the rate min(cap, level), with the level such that the rates add up to the capacity. Transfers with caps above
the level all have the same rate, so a single number, the integral of the level over time, determines when each of them ends. A
transfer that begins or ends therefore only affects those whose caps the level crosses. There is a single timeout, which is
replaced only if a transfer ends earlier.
"""

import heapq
import math
from itertools import count

import simpy


class Transfer:
    __slots__ = ("bits", "cap", "end", "entry", "ended")

    def __init__(self, bits: float, cap: float, ended: simpy.Event):
        self.bits, self.cap, self.ended = bits, cap, ended
        self.end = 0.0
        """The time at which it ends at its cap, or the integral of the level at its end if it shares."""
        self.entry = 0
        """The number of its valid entry in the heaps; outdated entries are dropped when they surface."""


class SharedLink:
    def __init__(self, environment: simpy.Environment, capacity: float):
        self.environment = environment
        self.free = capacity
        """The capacity that the transfers at their cap leave for the others."""
        self.sharing = 0
        self.level = 0.0
        """The integral of the level in bits up to `now`."""
        self.now = 0.0
        self.capped_by_cap, self.capped_by_end = [], []
        self.shared_by_cap, self.shared_by_end = [], []
        self.entries = count(1)
        self.timeout, self.due = None, math.inf

    def transfer(self, bits: float, cap: float) -> simpy.Event:
        """Begins a transfer.

        :return: an event that is triggered when all bits have been sent.
        """
        self.advance()
        transfer = Transfer(bits, cap, self.environment.event())
        lowest = first(self.shared_by_cap)
        if lowest and lowest[0] <= cap:
            self.share(transfer)
        else:
            self.cap(transfer)
        self.balance()
        self.wait()
        return transfer.ended

    def advance(self):
        now = self.environment.now
        if self.sharing:
            self.level += self.free / self.sharing * (now - self.now)
        self.now = now

    def share(self, transfer: Transfer):
        transfer.end = self.level + transfer.bits
        transfer.entry = entry = next(self.entries)
        self.sharing += 1
        heapq.heappush(self.shared_by_cap, (transfer.cap, entry, transfer))
        heapq.heappush(self.shared_by_end, (transfer.end, entry, transfer))

    def cap(self, transfer: Transfer):
        transfer.end = self.now + transfer.bits / transfer.cap
        transfer.entry = entry = next(self.entries)
        self.free -= transfer.cap
        heapq.heappush(self.capped_by_cap, (-transfer.cap, entry, transfer))
        heapq.heappush(self.capped_by_end, (transfer.end, entry, transfer))

    def balance(self):
        """Moves transfers to the correct side of the level."""
        while (highest := first(self.capped_by_cap)) and -highest[0] * self.sharing > self.free:
            transfer = highest[2]
            transfer.bits = max(0.0, (transfer.end - self.now) * transfer.cap)
            self.free += transfer.cap
            self.share(transfer)
        while (lowest := first(self.shared_by_cap)) and lowest[0] * self.sharing <= self.free:
            transfer = lowest[2]
            transfer.bits = max(0.0, transfer.end - self.level)
            self.sharing -= 1
            self.cap(transfer)

    def wait(self):
        """Ensures a timeout no later than the next end."""
        due = self.next_end()
        if due < self.due:
            self.due = due
            self.timeout = self.environment.timeout(due - self.now)
            self.timeout.callbacks.append(self.end_transfers)

    def next_end(self) -> float:
        due = math.inf
        if capped := first(self.capped_by_end):
            due = max(capped[0], self.now)
        if shared := first(self.shared_by_end):
            due = min(due, self.now + max(0.0, shared[0] - self.level) * self.sharing / self.free)
        return due

    def end_transfers(self, timeout: simpy.Event):
        if timeout is not self.timeout:
            return
        self.advance()
        while (due := self.next_end()) <= self.now:
            self.end_first(due)
            self.balance()
        self.due = math.inf
        self.wait()

    def end_first(self, due: float):
        capped = first(self.capped_by_end)
        if capped and capped[0] <= due:
            transfer = capped[2]
            self.free += transfer.cap
        else:
            transfer = first(self.shared_by_end)[2]
            self.sharing -= 1
        transfer.entry = 0
        transfer.ended.succeed()


def first(heap: list) -> tuple | None:
    """The first valid entry of a heap."""
    while heap:
        _, entry, transfer = heap[0]
        if transfer.entry == entry:
            return heap[0]
        heapq.heappop(heap)
    return None
