"""An event queue in its steady state, in three implementations: removes the next event and adds another."""

import bisect
import heapq
import random
import time
from collections.abc import Callable


def delays() -> list[int]:
    """Nanoseconds, up to a second."""
    stream = random.Random(0)
    return [stream.randint(1, 1_000_000_000) for _ in range(65_536)]


def heap(waiting: int, events: int) -> float:
    """Seconds for all events with `heapq`, ordered by (time, order of insertion)."""
    return hold(waiting, events, heapq.heappush, heapq.heappop)


def sorted_list(waiting: int, events: int) -> float:
    """Seconds for all events with a list that is kept sorted, the earliest last."""

    def push(queue: list, entry: tuple):
        time, sequence, event = entry
        bisect.insort(queue, (-time, -sequence, event))

    def pop(queue: list) -> tuple:
        time, sequence, event = queue.pop()
        return -time, -sequence, event

    return hold(waiting, events, push, pop)


def hold(waiting: int, events: int, push: Callable, pop: Callable) -> float:
    spans = delays()
    queue = []
    for event in range(waiting):
        push(queue, (spans[event % len(spans)], event, event))
    start = time.perf_counter()
    for number in range(waiting, waiting + events):
        now, _, event = pop(queue)
        push(queue, (now + spans[number % len(spans)], number, event))
    return time.perf_counter() - start


def processes(waiting: int, events: int) -> float:
    """Seconds for all events with simpy processes, each of which waits for one delay after another."""
    import simpy

    environment = simpy.Environment()
    spans = delays()

    def device(first: int):
        for number in range(first, first + 1_000_000):
            yield environment.timeout(spans[number % len(spans)])

    for event in range(waiting):
        environment.process(device(event))
    for _ in range(waiting):
        environment.step()
    start = time.perf_counter()
    for _ in range(events):
        environment.step()
    return time.perf_counter() - start
