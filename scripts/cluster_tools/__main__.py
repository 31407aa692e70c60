"""The command line of scripts/check-cluster."""

import argparse
import pathlib
import sys
import tempfile

from . import faults, overhead, ranks, slurm
from .program import Program

CHECKS = {"mpi": ranks.check, "faults": faults.check, "slurm": slurm.check, "overhead": overhead.check}
# What depends on the load of the machine runs only by name.
USUAL = ["mpi", "faults", "slurm"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/check-cluster")
    parser.add_argument("checks", nargs="*", metavar="|".join(CHECKS))
    parser.add_argument("--quick", action="store_true", help="a few of the cases and kills")
    parser.add_argument("--flora", type=pathlib.Path, default=pathlib.Path(".build/release/flora"))
    parser.add_argument("--flora-mpi", type=pathlib.Path)
    parser.add_argument("--kills", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--log", type=pathlib.Path, help="a file that gets the lines too")
    arguments = parser.parse_args()
    unknown = set(arguments.checks) - CHECKS.keys()
    if unknown:
        parser.error(f"there is no check called {min(unknown)}; there are {', '.join(CHECKS)}")
    chosen = arguments.checks or USUAL
    if arguments.flora_mpi is None and set(chosen) != {"slurm"}:
        arguments.flora_mpi = pathlib.Path(".build-mpi/release/flora")
    log = arguments.log.open("w", encoding="utf-8") if arguments.log else None

    def say(line: str) -> None:
        print(line, flush=True)
        if log:
            print(line, file=log, flush=True)

    count = 0
    with tempfile.TemporaryDirectory(prefix="flora-cluster-") as folder:
        program = Program(
            arguments.flora.resolve(), arguments.flora_mpi and arguments.flora_mpi.resolve(), pathlib.Path(folder), say
        )
        for name in chosen:
            count += CHECKS[name](program, arguments.quick, arguments.kills, arguments.seed)
    say(f"{count} faults")
    return 1 if count else 0


sys.exit(main())
