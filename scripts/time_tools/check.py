"""PyTorch's seconds of a step beside those of `flora model`, as a Markdown table."""

import csv
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import torch

from .steps import SHAPES, TimedStep

CALIBRATED = ("small", "flora", 32)
CELLS = [(s, m, b) for s in ("nano", "small", "vit-b-32") for m in ("flora", "fedfft") for b in (8, 32, 128)]
NANO = Path("Sources/BaseModels/Models/nano")


def folder(shape: str, parent: Path) -> str:
    """What `flora model` takes; small does not ship."""
    if shape != "small":
        return shape
    path = parent / shape
    if not path.exists():
        SHAPES[shape].model("eager").save_pretrained(path)
        for name in ("vocab.json", "merges.txt", "preprocessor_config.json"):
            shutil.copy(NANO / name, path)
    return str(path)


def modelled(flora: str, model: str, size: int, rates: tuple[float, float, float]) -> dict[str, float]:
    compute, bandwidth, overhead = rates
    speed = ["--compute", f"{compute / 1e9:.3f} GFLOPS", "--memory-bandwidth", f"{bandwidth / 1e9:.3f} GB/s"]
    speed += ["--kernel-overhead", f"{max(1, round(overhead * 1e9))} ns"]
    command = [flora, "model", model, "--batch-size", str(size), "--json", *speed]
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {m["name"]: m["reference"]["seconds_per_step_by_runtime"]["pytorch"] for m in report["methods"]}


def main(flora: str, out: Path):
    torch.set_num_threads(2)
    first = TimedStep(*CALIBRATED)
    rates = first.rates()
    # In two rounds, so that a slow minute of the machine does not decide.
    times: dict[tuple[str, str, int], float] = {}
    for budget in (4, 4):
        for cell in CELLS:
            if times.get(cell, 0) > 10:
                continue
            step = TimedStep(*cell)
            seconds = step.seconds(budget, least=2)[0]
            times[cell] = min(seconds, times.get(cell, seconds))
            print(*cell, f"{seconds:.4f} s", file=sys.stderr)
    out.mkdir(parents=True, exist_ok=True)
    with (out / "steps.csv").open("w", newline="") as file, tempfile.TemporaryDirectory() as parent:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["base", "method", "batch", "measured_s", "model_s"])
        print(f"compute {rates[0] / 1e9:.0f} GFLOPS, memory_bandwidth {rates[1] / 1e9:.1f} GB/s, "
              f"kernel_overhead {rates[2] * 1e6:.1f} us, calibrated on {' '.join(map(str, CALIBRATED))}\n")
        print("| base | method | batch | measured | model | error |\n|---|---|---:|---:|---:|---:|")
        for shape, method, size in CELLS:
            measured = times[shape, method, size]
            model = modelled(flora, folder(shape, Path(parent)), size, rates)[method]
            writer.writerow([shape, method, size, f"{measured:.6f}", f"{model:.6f}"])
            print(f"| {shape} | {method} | {size} | {measured:.4f} s | {model:.4f} s | {100 * (model / measured - 1):+.1f} % |")


main(sys.argv[1], Path(sys.argv[2]))
