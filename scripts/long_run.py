"""Monitors a long run; see scripts/long-run."""

import argparse
import csv
import pathlib
import subprocess
import sys
import tempfile
import time

# Seconds until a run has allocated its permanent resources.
SETTLED = 60
COLUMNS = ["elapsed_s", "resident_kb", "peak_kb", "handles", "threads", "version", "checkpoint_bytes"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/long-run")
    parser.add_argument("--flora", type=pathlib.Path, required=True)
    parser.add_argument("--scenario", type=pathlib.Path, default=pathlib.Path("scenarios/long-run.yaml"))
    parser.add_argument("--every", type=float, default=10, help="seconds between samples")
    parser.add_argument("--log", type=pathlib.Path, default=pathlib.Path("long-run.csv"))
    parser.add_argument("--out", type=pathlib.Path, help="folder for the run's results (default: a temporary folder)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="flora-long-run-") as temporary:
        return watch(arguments, arguments.out or pathlib.Path(temporary) / "results")


def watch(arguments: argparse.Namespace, results: pathlib.Path) -> int:
    """Runs the scenario and prints the findings; returns the exit code."""
    begun = time.monotonic()
    process = subprocess.Popen(
        [arguments.flora, "run", arguments.scenario, "--out", results, "--quiet", "--workers", "1"]
    )
    rows = []
    try:
        with arguments.log.open("w", newline="", encoding="utf-8") as log:
            writer = csv.writer(log)
            writer.writerow(COLUMNS)
            while not finished(process, arguments.every):
                row = look(process.pid, time.monotonic() - begun, results)
                if row:
                    rows.append(row)
                    writer.writerow(row)
                    log.flush()
    finally:
        process.terminate()
        process.wait()
    if process.returncode != 0:
        print(f"the run ended with exit code {process.returncode}", file=sys.stderr)
        return 1
    return judge(rows, last_version(results))


def finished(process: subprocess.Popen, seconds: float) -> bool:
    try:
        process.wait(seconds)
        return True
    except subprocess.TimeoutExpired:
        return False


def look(process: int, elapsed: float, results: pathlib.Path) -> list | None:
    """A row of `COLUMNS`, or None if the process has just ended."""
    folder = pathlib.Path("/proc") / str(process)
    checkpoint = results / "checkpoint.flora"
    try:
        status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
        handles = sum(1 for _ in (folder / "fd").iterdir())
        memory = [int(status[key].split()[0]) for key in ("VmRSS", "VmHWM")]
    except (FileNotFoundError, KeyError):
        return None
    size = checkpoint.stat().st_size if checkpoint.exists() else 0
    return [round(elapsed, 1), *memory, handles, int(status["Threads"]), last_version(results), size]


def last_version(results: pathlib.Path) -> int:
    """The last version in rounds.csv; 0 if there is none."""
    try:
        with (results / "rounds.csv").open("rb") as table:
            table.seek(0, 2)
            table.seek(max(0, table.tell() - 4096))
            whole = table.read().rpartition(b"\n")[0].splitlines()
        return int(whole[-1].split(b",")[2])
    except (FileNotFoundError, IndexError, ValueError):
        return 0


def judge(rows: list[list], version: int) -> int:
    """Compares the samples after `SETTLED` seconds with the first of them."""
    settled = [dict(zip(COLUMNS, row)) for row in rows if row[0] >= SETTLED]
    if len(settled) < 2:
        print("the run was too short for a comparison", file=sys.stderr)
        return 1
    print(f"{version} versions in {settled[-1]['elapsed_s']:.0f} s")
    faults = 0
    for column, tolerance in [("resident_kb", 0.05), ("handles", 2), ("threads", 2)]:
        first = settled[0][column]
        values = [row[column] for row in settled]
        allowed = tolerance * first if tolerance < 1 else tolerance
        inside = max(values) - first <= allowed and first - min(values) <= allowed
        print(
            f"{column}: {first} after the first minute, then {min(values)} to {max(values)}, {values[-1]} at the end"
            f" ({(max(values) - first) / first:+.1%} at most){'' if inside else ': NOT CONSTANT'}"
        )
        faults += not inside
    return 1 if faults else 0


sys.exit(main())
