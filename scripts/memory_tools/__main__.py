import argparse
import csv
import sys
from pathlib import Path

import torch
import transformers
from torch._subclasses.fake_tensor import FakeTensorMode

from .methods import METHODS
from .plan import COLUMNS, Case, allocator_cases, cases
from .shapes import SHAPES
from .steps import Training, batch


def training(case: Case) -> Training:
    torch.manual_seed(0)
    shape = SHAPES[case.shape]
    method = METHODS[case.method](shape.model(case.attention), case.loss)
    return Training(method.train(), case.optimizer, batch(shape, 2, method))


def measured(case: Case, real: bool) -> list[int]:
    """A peak for each of the case's batch sizes."""

    def peaks() -> list[int]:
        run = training(case)
        data = [batch(SHAPES[case.shape], size, run.method) for size in case.batches]
        return [run.allocated_peak(d) if real else run.peak(d)[0] for d in data]

    if real:
        return peaks()
    with FakeTensorMode():
        return peaks()


def main():
    parser = argparse.ArgumentParser(prog="scripts/memory-oracle")
    parser.add_argument("--real", action="store_true", help="measure allocator peaks with real tensors")
    parser.add_argument("--shape", action="append", choices=list(SHAPES), help="only these shapes")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    chosen = allocator_cases() if arguments.real else cases()
    chosen = [c for c in chosen if arguments.shape is None or c.shape in arguments.shape]
    versions = [torch.__version__.split("+")[0], transformers.__version__]
    with arguments.out.open("w", newline="") if arguments.out else sys.stdout as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for number, case in enumerate(chosen, 1):
            print(f"{number} of {len(chosen)}: {case}", file=sys.stderr)
            for size, peak in zip(case.batches, measured(case, arguments.real)):
                writer.writerow([*case.names, size, peak, *versions])
            file.flush()


main()
