"""Checks the link of `fleet_simpy.py` against water-filling at every change, on random transfers.

    python check_link.py
"""

import math
import random
import sys

import simpy

from shared_link import SharedLink

CASES = 300


def main():
    for number in range(CASES):
        draw = random.Random(number)
        caps = [draw.uniform(1, 20) for _ in range(draw.randint(1, 8))]
        capacity = draw.uniform(5, 60)
        flows = [(draw.choice([0, 3, draw.uniform(0, 9)]), draw.choice([8, draw.uniform(1, 30)]), draw.choice(caps))
                 for _ in range(draw.randint(1, 40))]
        expected, actual = water_filling(capacity, flows), by_simpy(capacity, flows)
        if not all(math.isclose(one, other, rel_tol=1e-9) for one, other in zip(expected, actual, strict=True)):
            sys.exit(f"case {number} ends at {actual}, not {expected}")


def by_simpy(capacity: float, flows: list) -> list[float]:
    environment = simpy.Environment()
    link = SharedLink(environment, capacity)
    ends = [math.nan] * len(flows)

    def device(number: int, start: float, bits: float, cap: float):
        yield environment.timeout(start)
        yield link.transfer(bits, cap)
        ends[number] = environment.now

    for number, flow in enumerate(flows):
        environment.process(device(number, *flow))
    environment.run()
    return ends


def water_filling(capacity: float, flows: list) -> list[float]:
    """The end time of each flow; all rates are recomputed at every change."""
    waiting = sorted(range(len(flows)), key=lambda number: -flows[number][0])
    rest, ends, now = {}, [math.nan] * len(flows), 0.0
    while waiting or rest:
        rates, left = {}, capacity
        for place, number in enumerate(sorted(rest, key=lambda number: flows[number][2])):
            rates[number] = min(flows[number][2], left / (len(rest) - place))
            left -= rates[number]
        moments = {number: now + rest[number] / rates[number] for number in rest}
        due = min([*moments.values(), flows[waiting[-1]][0] if waiting else math.inf])
        for number in list(rest):
            rest[number] -= rates[number] * (due - now)
            if moments[number] <= due:
                ends[number] = due
                del rest[number]
        now = due
        while waiting and flows[waiting[-1]][0] <= now:
            number = waiting.pop()
            rest[number] = flows[number][1]
    return ends


if __name__ == "__main__":
    main()
