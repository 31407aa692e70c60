"""Compares the memory of `flora model` with PyTorch's, as a Markdown table."""

import csv
import json
import subprocess
import sys
from pathlib import Path

FIXTURE = Path("Tests/Fixtures/memory/live.csv")
RUNTIMES = {"eager": "pytorch", "sdpa": "pytorch-sdpa"}
METHODS = {
    "flora": "flora",
    "lora, vision out_proj": "lora-vision-output-r2",
    "lora, both out_proj": "lora-both-output-r2",
    "lora, both all layers": "lora-both-all-r2",
    "fedfft": "fedfft",
    "fedlc": "fedlc",
    "fedvmlc": "fedvmlc",
    "fedaa": "fedaa",
    "fedca": "fedca",
    "fedprompt": "fedprompt",
}
"""The fixture's names for the methods of `flora model`; the others are not in this table."""


def measured() -> dict[tuple[str, str, str, int], int]:
    with FIXTURE.open() as file:
        return {
            (row["shape"], row["method"], RUNTIMES[row["attention"]], int(row["batch"])): int(row["peak_bytes"])
            for row in csv.DictReader(file)
            if row["optimizer"] == "adam" and (row["loss"] == "contrastive" or row["method"] in ("fedlc", "fedvmlc"))
        }


def modelled(flora: str, shape: str, batch: int) -> dict[tuple[str, str, str, int], dict[str, int]]:
    command = [flora, "model", shape, "--batch-size", str(batch), "--json"]
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    known = [m for m in report["methods"] if m["name"] in METHODS]
    return {METHODS[m["name"]]: m["reference"]["peak_memory_bytes_by_runtime"] for m in known}


def main(flora: str):
    measurements = measured()
    print("| base | method | batch | PyTorch, eager | model | error | PyTorch, sdpa | model | error | planned | engine |")
    print("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    worst = 0.0
    for shape in ["nano", "vit-b-32"]:
        models = {batch: modelled(flora, shape, batch) for batch in (1, 8, 32, 128)}
        for method in METHODS.values():
            for batch, peaks in models.items():
                cells = [shape, method, str(batch)]
                for runtime in RUNTIMES.values():
                    real, model = measurements[shape, method, runtime, batch], peaks[method][runtime]
                    error = model / real - 1
                    worst = max(worst, abs(error))
                    cells += [megabytes(real), megabytes(model), f"{100 * error:.2f} %"]
                cells += [megabytes(peaks[method][other]) for other in ("planned", "engine")]
                print(f"| {' | '.join(cells)} |")
    print(f"\nThe largest error is {100 * worst:.2f} %.")


def megabytes(count: int) -> str:
    return f"{count / 1e6:,.1f}"


if __name__ == "__main__":
    main(*sys.argv[1:])
