"""Measures both sides alternately, round after round, and appends every sample to a CSV file.

    python compare.py SAMPLES [--program COMMAND]... [--rounds N] [--only PATTERN] [--quick]

Each case is measured while the machine is as idle as possible. It is repeated if other processes
used more than a few per cent of the cores meanwhile.
"""

import argparse
import csv
import fnmatch
import os
import resource
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from measure import COLUMNS

PEERS = [sys.executable, str(Path(__file__).with_name("measure.py"))]
QUIET = 0.05
"""The share of all cores that other processes may take."""


@dataclass(frozen=True)
class Case:
    program: tuple[str, ...]
    benchmark: str
    implementation: str

    @property
    def name(self) -> str:
        return f"{self.benchmark}:{self.implementation}"

    @property
    def is_long(self) -> bool:
        return "vit" in self.benchmark or self.benchmark.startswith("run/")

    def command(self) -> list[str]:
        repeats = "2" if self.is_long else "6"
        return [*self.program, self.benchmark, self.implementation, "--repeats", repeats]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("samples", type=Path)
    parser.add_argument(
        "--program",
        action="append",
        default=[],
        help="an additional command with the arguments of measure.py",
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="*", help="select cases by a pattern of BENCHMARK:IMPLEMENTATION")
    parser.add_argument("--quick", action="store_true", help="skip ViT-B/32")
    parser.add_argument("--patience", type=float, default=60, help="seconds to wait until the machine is idle")
    options = parser.parse_args()

    programs = [PEERS, *map(shlex.split, options.program)]
    cases = [case for program in programs for case in cases_of(program)]
    cases = [case for case in cases if fnmatch.fnmatch(case.name, options.only)]
    if options.quick:
        cases = [case for case in cases if "vit" not in case.benchmark]
    cases.sort(key=lambda case: case.benchmark)

    with SampleFile(options.samples) as samples:
        for number in range(options.rounds):
            for case in cases:
                print(f"round {number + 1} of {options.rounds}: {case.name}", file=sys.stderr)
                samples.append(measure(case, options.patience))


def cases_of(program: list[str]) -> list[Case]:
    lines = subprocess.run([*program, "--list"], check=True, capture_output=True, text=True).stdout
    return [Case(tuple(program), *line.split(" ", 1)) for line in lines.splitlines()]


class SampleFile:
    """A CSV file of samples; each is written to disk before the next is measured."""

    def __init__(self, path: Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists()
        self.file = path.open("a", newline="")
        self.writer = csv.writer(self.file, lineterminator="\n")
        if is_new:
            self.writer.writerow([*COLUMNS, "other_load"])

    def __enter__(self) -> "SampleFile":
        return self

    def __exit__(self, *_):
        self.file.close()

    def append(self, rows: list[list[str]]):
        self.writer.writerows(rows)
        self.file.flush()


def measure(case: Case, patience: float, attempts: int = 3) -> list[list[str]]:
    """The rows of the least disturbed attempt."""
    best, least = [], 2.0
    for _ in range(attempts):
        wait_for_quiet(patience)
        watch = LoadWatch()
        run = subprocess.run(case.command(), check=True, stdout=subprocess.PIPE, text=True)
        load = watch.other_load()
        if load < least:
            rows = csv.reader(run.stdout.splitlines())
            best, least = [[*row, f"{load:.3f}"] for row in rows], load
        if load <= QUIET:
            break
        print(f"  other processes used {load:.0%} of the machine", file=sys.stderr)
    return best


def wait_for_quiet(patience: float):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        watch = LoadWatch()
        time.sleep(1)
        if watch.other_load() <= QUIET:
            return


class LoadWatch:
    """The load that unrelated processes put on the machine; 0 if unknown."""

    def __init__(self):
        self.start = time.monotonic()
        self.busy = busy_seconds()
        self.own = own_seconds()

    def other_load(self) -> float:
        if self.busy is None:
            return 0
        other = busy_seconds() - self.busy - (own_seconds() - self.own)
        return max(0, other / (time.monotonic() - self.start) / os.cpu_count())


def busy_seconds() -> float | None:
    """The busy seconds of all cores together, if Linux reports them."""
    try:
        fields = Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    except FileNotFoundError:
        return None
    user, nice, system, _, _, interrupts, soft, steal = map(int, fields[:8])
    return (user + nice + system + interrupts + soft + steal) / os.sysconf("SC_CLK_TCK")


def own_seconds() -> float:
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


if __name__ == "__main__":
    main()
