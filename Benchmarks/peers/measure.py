"""Measures one implementation of one benchmark and prints a CSV row for each repeat.

    python measure.py BENCHMARK IMPLEMENTATION [--repeats N]
    python measure.py --list

Examples of BENCHMARK are flora/nano, fedfft/vit-b-32 and matrix-product/float32.
"""

import argparse
import csv
import multiprocessing
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import torch
import torch.nn.functional as F

import events
from hand_optimised import HandOptimisedStep
from paper import PaperStep
from shapes import SHAPES, batch

COLUMNS = ["benchmark", "implementation", "workers", "threads", "ms", "gflops", "sgemm_gflops"]
"""A worker is a process, or a thread in Swift; ms is the time per step over all workers."""
CORES = 2


@dataclass
class Sample:
    """One repeat: milliseconds per step, and GFLOP/s if FLOPs were counted."""

    milliseconds: float
    workers: int = 1
    threads: int = CORES
    gflops: float | None = None


def paper(method: str, shape: str, bfloat16: bool = False) -> Callable[[int], list[Sample]]:
    def measure(repeats: int) -> list[Sample]:
        if (method, shape) == ("fedfft", "vit-b-32") and available_memory() < 14 << 30:
            print("skipped: requires 14 GB of free memory", file=sys.stderr)
            return []
        torch.set_num_threads(CORES)
        step = PaperStep(SHAPES[shape], method, bfloat16)
        full = batch(SHAPES[shape])
        step(full.resized(16) if shape == "vit-b-32" else full)
        return [Sample(1e3 * seconds(lambda: step(full))) for _ in range(repeats)]

    return measure


def available_memory() -> float:
    """Available bytes, if Linux reports them."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except FileNotFoundError:
        return float("inf")
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable"))


def hand_optimised(shape: str) -> Callable[[int], list[Sample]]:
    def measure(repeats: int) -> list[Sample]:
        torch.set_num_threads(CORES)
        step = warm_hand_optimised(shape)
        return [Sample(1e3 * several(step)) for _ in range(repeats)]

    return measure


def hand_optimised_twice(shape: str) -> Callable[[int], list[Sample]]:
    """One single-threaded process per core: the highest throughput in steps per second."""

    def measure(repeats: int) -> list[Sample]:
        barrier = multiprocessing.Barrier(CORES)
        queue = multiprocessing.Queue()
        arguments = (shape, repeats, barrier, queue)
        processes = [
            multiprocessing.Process(target=one_of_several, args=arguments) for _ in range(CORES)
        ]
        for process in processes:
            process.start()
        durations = [queue.get() for _ in processes]
        for process in processes:
            process.join()
        slowest = [max(repeat) for repeat in zip(*durations)]
        return [Sample(1e3 * time / CORES, workers=CORES, threads=1) for time in slowest]

    return measure


def one_of_several(shape: str, repeats: int, barrier, queue):
    torch.set_num_threads(1)
    step = warm_hand_optimised(shape)
    durations = []
    for _ in range(repeats):
        barrier.wait()
        durations.append(several(step))
    queue.put(durations)


def warm_hand_optimised(shape: str) -> Callable[[], None]:
    full = batch(SHAPES[shape])
    images = F.normalize(torch.randn(len(full.labels), SHAPES[shape].projection), dim=-1)
    step = HandOptimisedStep(SHAPES[shape], images)
    several(lambda: step(full))
    return lambda: step(full)


def several(step: Callable[[], None], least: float = 0.5) -> float:
    """Seconds per step, measured over at least `least` seconds."""
    steps, start = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - start) < least:
        step()
        steps += 1
    return elapsed / steps


def seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def matrix_product(kind: torch.dtype) -> Callable[[int], list[Sample]]:
    """The best of three sizes of square matrices; large products run fastest."""

    def measure(repeats: int) -> list[Sample]:
        torch.set_num_threads(CORES)
        operands = [torch.randn(2, size, size).to(kind) for size in (1024, 2048, 4096)]
        return [best_product(operands) for _ in range(repeats)]

    return measure


def best_product(operands: list[torch.Tensor]) -> Sample:
    samples = []
    for a, b in operands:
        duration = min(seconds(lambda: a @ b) for _ in range(5))
        samples.append(Sample(1e3 * duration, gflops=2 * len(a) ** 3 / duration / 1e9))
    return max(samples, key=lambda sample: sample.gflops)


def event_queue(hold: Callable[[int, int], float], waiting: int) -> Callable[[int], list[Sample]]:
    """The time of a thousand events."""
    count = 100_000

    def measure(repeats: int) -> list[Sample]:
        durations = [hold(waiting, count) for _ in range(repeats)]
        return [Sample(1e6 * duration / count, threads=1) for duration in durations]

    return measure


IMPLEMENTATIONS = {
    ("matrix-product/float32", "torch"): matrix_product(torch.float32),
    ("matrix-product/bfloat16", "torch"): matrix_product(torch.bfloat16),
}
for name in SHAPES:
    IMPLEMENTATIONS |= {
        (f"flora/{name}", "paper"): paper("flora", name),
        (f"flora/{name}", "paper-bfloat16"): paper("flora", name, bfloat16=True),
        (f"flora/{name}", "hand-optimised"): hand_optimised(name),
        (f"flora/{name}", "hand-optimised-each-core"): hand_optimised_twice(name),
        (f"fedfft/{name}", "paper"): paper("fedfft", name),
        (f"fedfft/{name}", "paper-bfloat16"): paper("fedfft", name, bfloat16=True),
    }
for waiting in (1_000, 100_000):
    IMPLEMENTATIONS |= {
        (f"events/{waiting}", "heapq"): event_queue(events.heap, waiting),
        (f"events/{waiting}", "sorted-list"): event_queue(events.sorted_list, waiting),
    }
    if find_spec("simpy"):
        simpy = event_queue(events.processes, waiting)
        IMPLEMENTATIONS[f"events/{waiting}", "simpy"] = simpy


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("benchmark", nargs="?")
    parser.add_argument("implementation", nargs="?")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    if options.list:
        for benchmark, implementation in IMPLEMENTATIONS:
            print(benchmark, implementation)
        return

    measure = IMPLEMENTATIONS.get((options.benchmark, options.implementation))
    if not measure:
        sys.exit(f"no {options.implementation} of {options.benchmark}; --list names all")
    writer = csv.writer(sys.stdout, lineterminator="\n")
    for sample in measure(options.repeats):
        gflops = "" if sample.gflops is None else f"{sample.gflops:.1f}"
        row = [sample.workers, sample.threads, f"{sample.milliseconds:.4f}", gflops, ""]
        writer.writerow([options.benchmark, options.implementation, *row])


if __name__ == "__main__":
    main()
