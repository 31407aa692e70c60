"""flora's random streams and data split, so that both sides train on the same samples in the same order.

Reimplements the parts of Sources/Randomness and Sources/Datasets that a deployment needs: a class-balanced subset of the
training and test samples, random assignment to devices, and the batches of each round.
"""

import math
from collections.abc import Sequence

MASK = (1 << 64) - 1
HALF = (1 << 32) - 1


class RandomStream:
    """Philox 4x32-10 (Salmon et al., SC 2011), keyed by a seed, a purpose and numbers."""

    def __init__(self, seed: int, purpose: str, *ids: int):
        self.key = mix(seed)
        name = 0xCBF29CE484222325
        for byte in purpose.encode():
            name = (name ^ byte) * 0x100000001B3 & MASK
        for number in ids:
            name = mix(name ^ mix((number & MASK) + 0x9E3779B97F4A7C15 & MASK))
        self.stream = mix(name)
        self.position = 0

    def next(self) -> int:
        """The next 64 random bits."""
        block = philox(self.stream, self.position >> 1, self.key)
        self.position += 1
        return block[(self.position - 1) & 1]

    def integer(self, bound: int) -> int:
        """An integer from 0 up to, but not including, `bound` (Lemire, 2019)."""
        product = self.next() * bound
        if product & MASK < bound:
            threshold = (-bound & MASK) % bound
            while product & MASK < threshold:
                product = self.next() * bound
        return product >> 64

    def normal(self) -> float:
        """A standard normal number (Box and Muller, 1958)."""
        first, second = (self.next() >> 11) * 2**-53, (self.next() >> 11) * 2**-53
        return math.sqrt(-2 * math.log(1 - first)) * math.cos(2 * math.pi * second)

    def shuffled(self, elements: Sequence[int]) -> list[int]:
        elements = list(elements)
        for last in range(len(elements) - 1, 0, -1):
            other = self.integer(last + 1)
            elements[last], elements[other] = elements[other], elements[last]
        return elements

    def sample(self, count: int, population: int) -> list[int]:
        """`count` distinct numbers below `population`, in random order (Bentley and Floyd, 1987)."""
        chosen: set[int] = set()
        order = []
        for candidate in range(population - count, population):
            drawn = self.integer(candidate + 1)
            taken = candidate if drawn in chosen else drawn
            chosen.add(taken)
            order.append(taken)
        return self.shuffled(order)


def mix(value: int) -> int:
    """The finalizer of SplitMix64."""
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & MASK
    value = (value ^ value >> 27) * 0x94D049BB133111EB & MASK
    return value ^ value >> 31


def philox(high: int, low: int, key: int) -> tuple[int, int]:
    c0, c1, c2, c3 = low & HALF, low >> 32, high & HALF, high >> 32
    k0, k1 = key & HALF, key >> 32
    for _ in range(10):
        product0, product1 = c0 * 0xD2511F53, c2 * 0xCD9E8D57
        c0, c1, c2, c3 = product1 >> 32 ^ c1 ^ k0, product1 & HALF, product0 >> 32 ^ c3 ^ k1, product0 & HALF
        k0, k1 = k0 + 0x9E3779B9 & HALF, k1 + 0xBB67AE85 & HALF
    return c1 << 32 | c0, c3 << 32 | c2


def split(labels: Sequence[int], train: int, test: int, devices: int, seed: int) -> tuple[list[list[int]], list[int]]:
    """The samples of each device and of the test set, as flora draws them for `partition: iid`.

    A fifth of all samples, rounded up, is the test side; both sides are reduced to class-balanced subsets.
    """
    order = RandomStream(seed, "test set").shuffled(range(len(labels)))
    testing = (len(labels) + 4) // 5
    tested = balanced(sorted(order[:testing]), labels, test, RandomStream(seed, "test subset"))
    trained = balanced(sorted(order[testing:]), labels, train, RandomStream(seed, "train subset"))
    dealt = RandomStream(seed, "iid partition").shuffled(trained)
    parts = [dealt[device * len(dealt) // devices : (device + 1) * len(dealt) // devices] for device in range(devices)]
    return [sorted(part) for part in parts], tested


def balanced(samples: Sequence[int], labels: Sequence[int], count: int, stream: RandomStream) -> list[int]:
    """`count` of the samples, with equally many of each class, plus or minus one."""
    by_class: list[list[int]] = [[] for _ in range(max(labels) + 1)]
    for sample in samples:
        by_class[labels[sample]].append(sample)
    quota, rest = divmod(count, len(by_class))
    with_one_more = stream.shuffled([label for label, members in enumerate(by_class) if len(members) > quota])
    quotas = [quota + (label in with_one_more[:rest]) for label in range(len(by_class))]
    chosen = []
    for members, number in zip(by_class, quotas):
        chosen += [members[place] for place in stream.sample(number, len(members))]
    return sorted(chosen)


def batches(samples: Sequence[int], size: int, device: int, round_number: int, seed: int) -> list[list[int]]:
    """A device's batches for one epoch; a shorter last batch is kept."""
    order = RandomStream(seed, "batches", device, round_number, 0).shuffled(samples)
    return [order[start : start + size] for start in range(0, len(order), size)]


def lora_start(layers: int, rank: int, width: int, seed: int) -> list[float]:
    """The factors A of each layer, [layers][rank][width], from N(0, 1 / rank)."""
    stream = RandomStream(seed, "lora-start")
    return [math.sqrt(1 / rank) * stream.normal() for _ in range(layers * rank * width)]
