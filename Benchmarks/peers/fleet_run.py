"""Measures complete timing-only runs of large fleets, alternating between flora and simpy, and writes a CSV file.

    python fleet_run.py FLORA OUT.csv [--rounds N]

Each row is a run: wall time of the whole program in seconds, events, and peak memory. An event is the start of a task or the
end of one of its phases, also if the server's links are limited: neither program counts what happens on the links within a
phase.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCENARIO = """
name: fleet
seed: 3
data: {{ dataset: fashion-mnist, test_samples: 10, partition: {{ kind: resample, samples: 100, sigma: 0.5 }} }}
training: none
methods:
  - {{ name: flora, kind: lora, batch_size: 32 }}
fleet:
  devices: {devices}
  classes:
    - {{ name: fast, share: 0.5, compute: {{ lognormal: {{ median: 50 GFLOPS, sigma: 0.5 }} }}, memory: 2 GB,
         download: {{ lognormal: {{ median: 100 Mbps, sigma: 0.5 }} }}, upload: 20 Mbps, rtt: 20 ms, dropout: 0.1 }}
    - {{ name: slow, share: 0.5, compute: 500 MFLOPS, memory: {{ quantiles: [50 MB, 200 MB] }}, download: 10 Mbps,
         upload: 2 Mbps, rtt: 80 ms, dropout: 0.1 }}
server: {{ rounds: {rounds}, cohort: {cohort}, download: {download}, upload: {upload} }}
report: {{ tasks: {tasks} }}
"""
ROUNDS, COHORT = 100, 10_000
UNLIMITED = ("unlimited", "unlimited")
LIMITED = ("10 Gbps", "300 Mbps")
"""The server's links: all downloads of a cohort contend for the downlink. The cohort's fast half, which uploads within a second
and could use up to 1.2 Gbps, contends for the uplink; the uploads of the slow half find it idle."""
MILLION, BILLION = 1_000_000, 1_000_000_000
COLUMNS = ["implementation", "devices", "seconds", "events", "events_per_s", "peak_memory_bytes"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("flora", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rounds", type=int, default=3, help="number of runs of each")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.rounds):
            for name, devices, tasks, links in (
                ("flora", MILLION, "none", UNLIMITED),
                ("flora", BILLION, "none", UNLIMITED),
                ("flora with tasks.csv", MILLION, "all", UNLIMITED),
                ("flora, limited link", MILLION, "none", LIMITED),
            ):
                rows.append([name, devices, *flora(options.flora, devices, tasks, links, Path(folder))])
                print(*rows[-1], file=sys.stderr)
            for name, links in (("simpy", UNLIMITED), ("simpy, limited link", LIMITED)):
                rows.append([name, MILLION, *simpy(MILLION, links)])
                print(*rows[-1], file=sys.stderr)
    rows.sort(key=lambda row: row[:3])
    with options.out.open("w", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(COLUMNS)
        for name, devices, seconds, events, memory in rows:
            writer.writerow([name, devices, f"{seconds:.2f}", events, round(events / seconds), memory])


def flora(program: Path, devices: int, tasks: str, links: tuple, folder: Path) -> tuple[float, int, int]:
    def run(tasks: str) -> tuple[float, int, str]:
        values = {"devices": devices, "rounds": ROUNDS, "cohort": COHORT, "tasks": tasks}
        scenario.write_text(SCENARIO.format(download=links[0], upload=links[1], **values))
        return timed([program, "run", scenario, "--out", folder / "out", "--force", "--quiet"])

    scenario = folder / "fleet.yaml"
    seconds, memory, _ = run(tasks)
    if links == UNLIMITED:
        events = json.loads((folder / "out" / "manifest.json").read_text())["events"]
    else:
        run("all")
        events = task_events(folder / "out" / "tasks.csv")
    return seconds, events, memory


def task_events(tasks: Path) -> int:
    """The number of task starts and phase ends; a phase that has not begun has no duration."""
    with tasks.open(newline="") as lines:
        return sum(
            1 + sum(task[phase] != "" for phase in ("download_s", "train_s", "upload_s"))
            for task in csv.DictReader(lines)
        )


def simpy(devices: int, links: tuple) -> tuple[float, int, int]:
    script = Path(__file__).with_name("fleet_simpy.py")
    rates = [] if links == UNLIMITED else [bits_per_second(text) for text in links]
    seconds, memory, output = timed([sys.executable, script, devices, ROUNDS, COHORT, *rates])
    return seconds, int(output.split()[0]), memory


def bits_per_second(text: str) -> int:
    number, unit = text.split()
    return int(number) * {"Mbps": MILLION, "Gbps": BILLION}[unit]


def timed(command: list) -> tuple[float, int, str]:
    """The seconds of a command, its peak memory in bytes, and its output."""
    start = time.perf_counter()
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{command[0]} ended with status {status}")
    return seconds, usage.ru_maxrss * 1024, output


if __name__ == "__main__":
    main()
