"""Writes `steps.csv` and `README.md` from samples, and from the runs in FOLDER/fleet.csv where there are any.

    python report.py SAMPLES FOLDER [--kernels NAME]

Samples that other processes disturbed are left out where there are better ones. The ratios are those
of the best repeats, as what disturbs a measurement can only make it longer.
"""

import argparse
import csv
import os
import platform
import statistics
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import torch
import transformers

from compare import QUIET
from shapes import BATCH

FLORA = "flora"
TARGETS = [
    ("flora/nano", "paper", 300),
    ("flora/nano", "hand-optimised", 8),
    ("flora/small", "paper", 450),
    ("flora/small", "hand-optimised", 10),
    ("flora/vit-b-32", "paper", 800),
    ("flora/vit-b-32", "hand-optimised", 4),
    ("fedfft/nano", "paper", 3),
    ("fedfft/small", "paper", 3),
    ("fedfft/vit-b-32", "paper", 2.8),
]
"""How many times as fast as which implementation flora's step shall be."""
BFLOAT16 = "flora bfloat16"
BFLOAT16_TARGET = 1.4
"""How many times as fast as float32 a step in bfloat16 shall be, where the processor has AVX512-BF16."""
SHARE_TARGET = 0.75
"""Of the best SGEMM, for full fine-tuning."""


@dataclass
class Row:
    """All repeats of one implementation of one benchmark."""

    benchmark: str
    implementation: str
    workers: int
    threads: int
    repeats: int
    median_ms: float
    best_ms: float
    gflops: float | None
    sgemm_gflops: float | None
    disturbed: bool

    @property
    def share(self) -> float | None:
        return self.gflops / self.sgemm_gflops if self.gflops and self.sgemm_gflops else None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("samples", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kernels", default="unknown", help="the Swift side's BLAS kernels")
    options = parser.parse_args()
    rows = read(options.samples)
    write_table(rows, options.folder / "steps.csv")
    text = "\n\n".join(
        section
        for section in [
            heading(options.kernels),
            targets(rows),
            table(rows),
            fleets(options.folder / "fleet.csv"),
        ]
        if section
    )
    (options.folder / "README.md").write_text(text + "\n")


def read(file: Path) -> dict[tuple[str, str], Row]:
    samples = defaultdict(list)
    with file.open(newline="") as lines:
        for sample in csv.DictReader(lines):
            samples[sample["benchmark"], sample["implementation"]].append(sample)
    rows = {key: row(samples[key]) for key in sorted(samples)}
    for one in rows.values():
        if one.sgemm_gflops:
            one.sgemm_gflops = best_sgemm(rows, one.workers)
    return rows


def best_sgemm(rows: dict[tuple[str, str], Row], workers: int) -> float:
    """What so many workers ever reached: a measurement that was disturbed must not raise a share."""
    return max(row.sgemm_gflops or 0 for row in rows.values() if row.workers == workers)


def row(samples: list[dict]) -> Row:
    quiet = [sample for sample in samples if float(sample["other_load"]) <= QUIET]
    kept = quiet or samples
    best = min(kept, key=milliseconds)
    return Row(
        best["benchmark"],
        best["implementation"],
        int(best["workers"]),
        int(best["threads"]),
        len(kept),
        statistics.median(map(milliseconds, kept)),
        milliseconds(best),
        number(best["gflops"]),
        number(best["sgemm_gflops"]),
        disturbed=not quiet,
    )


def milliseconds(sample: dict) -> float:
    return float(sample["ms"])


def number(text: str) -> float | None:
    return float(text) if text else None


def write_table(rows: dict[tuple[str, str], Row], file: Path):
    names = ["benchmark", "implementation", "workers", "threads", "repeats", "median_ms", "best_ms"]
    with file.open("w", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow([*names, "gflops", "sgemm_gflops", "share_of_sgemm", "disturbed"])
        for row in rows.values():
            share = "" if row.share is None else f"{row.share:.3f}"
            rest = [row.gflops, row.sgemm_gflops, share, str(row.disturbed).lower()]
            writer.writerow([*(getattr(row, name) for name in names), *rest])


def heading(kernels: str) -> str:
    return f"""# What a step costs

By `scripts/bench`, on {processor()}, {os.cpu_count()} cores. BLAS of the Swift side: {kernels}.
PyTorch {torch.__version__} ({torch.backends.cpu.get_cpu_capability()}), transformers
{transformers.__version__}. Batches of {BATCH} images of 10 classes, float32 unless bfloat16 is named.

`paper` is what the paper's code runs: every image, and for each its prompt padded to the full
context, through both towers at every step. `hand-optimised` is the same mathematics with cached image
features, distinct prompts and no padding, in PyTorch. `each-core` is that in a process a core. Times
are wall time over the steps of all workers. Both sides were measured in turn."""


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except FileNotFoundError:
        return platform.processor() or platform.machine()
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), "unknown")


def targets(rows: dict[tuple[str, str], Row]) -> str:
    lines = [
        "| benchmark | flora, ms | against | ms | times as fast | target | |",
        "|---|---:|---|---:|---:|---:|---|",
    ]
    for benchmark, implementation, target in TARGETS:
        own, other = rows.get((benchmark, FLORA)), rows.get((benchmark, implementation))
        if own and other:
            ratio = other.best_ms / own.best_ms
            cells = [benchmark, short(own.best_ms), implementation, short(other.best_ms)]
            lines.append(line(cells + [f"{ratio:.1f}", f"{target}", verdict(ratio >= target)]))
    for (benchmark, implementation), row in rows.items():
        float32 = rows.get((benchmark, FLORA))
        if implementation == BFLOAT16 and float32:
            ratio = float32.best_ms / row.best_ms
            cells = [f"{benchmark}, bfloat16", short(row.best_ms), "float32", short(float32.best_ms)]
            met = verdict(ratio >= BFLOAT16_TARGET)
            lines.append(line(cells + [f"{ratio:.2f}", f"{BFLOAT16_TARGET}", met]))
    for (benchmark, implementation), row in rows.items():
        if benchmark.startswith("fedfft") and implementation == FLORA and row.share:
            cells = [benchmark, short(row.best_ms), "best SGEMM", "", f"{row.share:.0%} of it"]
            met = verdict(row.share >= SHARE_TARGET)
            lines.append(line(cells + [f"{SHARE_TARGET:.0%}", met]))
    few, many = (rows.get(("clients/nano", f"{text} steps")) for text in ("50 of 20", "1000 of 1"))
    if few and many:
        cells = ["clients/nano, 1000 of 1 step", short(many.best_ms), "50 of 20 steps"]
        ratio = few.best_ms / many.best_ms
        lines.append(line(cells + [short(few.best_ms), f"{ratio:.2f}", "", ""]))
    return "\n".join(lines) if len(lines) > 2 else ""


def verdict(is_met: bool) -> str:
    return "met" if is_met else "not met"


def table(rows: dict[tuple[str, str], Row]) -> str:
    lines = [
        "| benchmark | implementation | workers x threads | repeats | median, ms | best, ms "
        "| GFLOP/s | of SGEMM |",
        "|---|---|---|---:|---:|---:|---:|---:|",
    ]
    for row in rows.values():
        gflops = "" if row.gflops is None else f"{row.gflops:.0f}"
        share = "" if row.share is None else f"{row.share:.0%}"
        best = short(row.best_ms) + (" *" if row.disturbed else "")
        cells = [row.benchmark, row.implementation, f"{row.workers} x {row.threads}"]
        lines.append(line(cells + [f"{row.repeats}", short(row.median_ms), best, gflops, share]))
    notes = [
        "`events/N` is the time of a thousand events with N waiting, `link/N` that of a thousand starts or ends of "
        "flows with N on the link; `run` that of a whole run.",
    ]
    if any(row.disturbed for row in rows.values()):
        notes.append("\\* Other processes kept the machine busy meanwhile.")
    return "\n".join(lines) + "\n\n" + "\n".join(notes)


def fleets(file: Path) -> str:
    """The best of the runs of large fleets, by `fleet_run.py`."""
    if not file.exists():
        return ""
    runs = defaultdict(list)
    with file.open(newline="") as lines:
        for run in csv.DictReader(lines):
            runs[run["implementation"], int(run["devices"])].append(run)
    lines = [
        "## Large fleets",
        "",
        "Whole programs, from their start to their end: 100 rounds of 10,000 devices without training. An event is the "
        "start of a task or the end of one of its phases. A limited link is of 10 Gbps from the server and of 300 Mbps "
        "to it, shared max-min fairly. The best of the runs.",
        "",
        "| program | devices | runs | seconds | events | events a second | peak memory, MB |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for (name, devices), repeats in runs.items():
        best = min(repeats, key=lambda run: float(run["seconds"]))
        memory = max(int(run["peak_memory_bytes"]) for run in repeats) / 1e6
        events = int(best["events"])
        cells = [name, f"{devices:,}", f"{len(repeats)}", best["seconds"], f"{events:,}"]
        lines.append(line(cells + [f"{events / float(best['seconds']):,.0f}", f"{memory:.0f}"]))
    return "\n".join(lines)


def line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def short(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:,.0f}"


if __name__ == "__main__":
    main()
