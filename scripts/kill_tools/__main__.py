"""The command line of scripts/kill-test."""

import argparse
import pathlib
import sys
import tempfile

from .trial import Trials


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/kill-test")
    parser.add_argument("--flora", type=pathlib.Path, required=True)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scenario", type=pathlib.Path, default=pathlib.Path("scenarios/kill-test.yaml"))
    parser.add_argument("--log", type=pathlib.Path, help="a file to which the output is also written")
    arguments = parser.parse_args()
    log = arguments.log.open("w", encoding="utf-8") if arguments.log else None

    def say(line: str) -> None:
        print(line, flush=True)
        if log:
            print(line, file=log, flush=True)

    with tempfile.TemporaryDirectory(prefix="flora-kill-test-") as folder:
        trials = Trials(
            arguments.flora.resolve(), arguments.scenario.resolve(), pathlib.Path(folder), arguments.seed, say
        )
        faults = trials.run(arguments.kills)
    return 1 if faults else 0


sys.exit(main())
