"""A timing-only run of a fleet in simpy, for comparison with flora by `fleet_run.py`.

    python fleet_simpy.py DEVICES ROUNDS COHORT [DOWNLOAD UPLOAD]

DOWNLOAD and UPLOAD are the rates of the server's own links in bits per second; by default the links are unlimited. Each task is
a process: it downloads, trains and uploads, each a timeout, or drops out at a random moment. A transfer over a limited link is
a timeout for its first byte and then a wait for the link; its device drops out once the link has carried as much as it would
have carried by that moment without contention. A round ends with the last of its tasks. A device's profile is drawn from its
own generator when it is selected, so that a fleet takes no memory, as in flora. Prints the number of task events: the start,
and the end of each phase.
"""

import math
import random
import sys

import simpy

from shared_link import SharedLink

PAYLOAD = 8_192
OPERATIONS_A_SAMPLE = 131_000_000
PEAK_MEMORY = 30_000_000


class Device:
    __slots__ = ("compute", "memory", "download", "upload", "rtt", "samples")

    def __init__(self, number: int):
        draw = random.Random(number)
        if draw.random() < 0.5:
            self.compute = 50e9 * math.exp(0.5 * draw.gauss(0, 1))
            self.memory = 2_000_000_000
            self.download = 100e6 * math.exp(0.5 * draw.gauss(0, 1))
            self.upload, self.rtt = 20e6, 0.020
        else:
            self.compute = 0.5e9
            self.memory = 50_000_000 + 150_000_000 * draw.random()
            self.download, self.upload, self.rtt = 10e6, 2e6, 0.080
        self.samples = max(1, round(100 * math.exp(0.5 * draw.gauss(0, 1))))


def main():
    devices, rounds, cohort, *capacities = map(int, sys.argv[1:])
    environment = simpy.Environment()
    download, upload = [SharedLink(environment, capacity) for capacity in capacities] or (None, None)
    moments = random.Random(1)
    events = bytes_moved = operations = 0

    def task(number: int):
        nonlocal events, bytes_moved, operations
        device = Device(number)
        events += 1
        if device.memory < PEAK_MEMORY:
            return
        work = OPERATIONS_A_SAMPLE * device.samples
        phases = (
            device.rtt + 8 * PAYLOAD / device.download,
            work / device.compute,
            device.rtt + 8 * PAYLOAD / device.upload,
        )
        left = moments.random() * sum(phases) if moments.random() < 0.1 else math.inf
        links = ((download, device.download), None, (upload, device.upload))
        for index, duration in enumerate(phases):
            share = min(1, left / duration)
            link, rate = links[index] or (None, None)
            if link is None:
                yield environment.timeout(min(left, duration))
            else:
                yield environment.timeout(min(left, device.rtt))
                carried = min(left, duration) - device.rtt
                share = max(0, carried) / (duration - device.rtt)
                if carried > 0:
                    yield link.transfer(carried * rate, rate)
            events += 1
            if index == 1:
                operations += int(share * work)
            else:
                bytes_moved += int(share * PAYLOAD)
            if left < duration:
                return
            left -= duration

    def server():
        selection = random.Random(2)
        for _ in range(rounds):
            selected = selection.sample(range(devices), cohort)
            yield environment.all_of([environment.process(task(number)) for number in selected])

    environment.process(server())
    environment.run()
    print(events, environment.now, bytes_moved, operations)


if __name__ == "__main__":
    main()
