"""Writes the number of kernels that PyTorch runs in a step, their operations and bytes, and which of the two limits them on a device
with the given operations per byte of memory traffic."""

import argparse
import csv
import sys
from pathlib import Path

import torch
import transformers
from memory_tools.plan import ATTENTIONS, STANDARD, Case
from memory_tools.shapes import SHAPES
from memory_tools.steps import Training, batch
from memory_tools.methods import METHODS
from torch._subclasses.fake_tensor import FakeTensorMode

from .kernels import Kernel, Kernels

BALANCES = (2, 8, 32)
"""Operations per byte of memory traffic of the device."""


def step_kernels(case: Case, size: int) -> list[Kernel]:
    with FakeTensorMode():
        torch.manual_seed(0)
        shape = SHAPES[case.shape]
        method = METHODS[case.method](shape.model(case.attention), case.loss)
        run = Training(method.train(), case.optimizer, batch(shape, 2, method))
        data = batch(shape, size, method)
        with Kernels() as kernels:
            run.step(data)
    return kernels.kernels


def cases() -> list[Case]:
    found = []
    for shape in ["nano", "uneven", "small", "vit-b-32"]:
        for attention in ATTENTIONS:
            found += [Case(shape, method, attention, (8, 32, 128)) for method in STANDARD]
    for optimizer in ["adamw", "sgd", "adam-without-decay"]:
        found += [Case("nano", method, "eager", (8,), optimizer) for method in ["flora", "fedfft"]]
    for method in ["flora", "fedfft", "fedaa", "fedprompt"]:
        found.append(Case("nano", method, "eager", (32,), loss="classification"))
    return found


def main():
    parser = argparse.ArgumentParser(prog="scripts/kernel-oracle")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    versions = [torch.__version__.split("+")[0], transformers.__version__]
    with arguments.out.open("w", newline="") if arguments.out else sys.stdout as file:
        writer = csv.writer(file, lineterminator="\n")
        columns = ["shape", "method", "loss", "attention", "optimizer", "batch", "kernels", "flops", "bytes"]
        writer.writerow(columns + [f"waiting_{b}" for b in BALANCES] + ["torch", "transformers"])
        for case in cases():
            for size in case.batches:
                kernels = step_kernels(case, size)
                waiting = [
                    round(sum(max(0, k.bytes - k.flops / balance) for k in kernels)) for balance in BALANCES
                ]
                sums = [len(kernels), sum(k.flops for k in kernels), sum(k.bytes for k in kernels)]
                writer.writerow([*case.names, size, *sums, *waiting, *versions])
            file.flush()


main()
