"""The command line of scripts/check-deployment."""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

from . import comparison
from .devices import DEVICES
from .simulation import KEYS, Flora, Settings, scenario

TOOLS = ("ip", "nsenter", "sysctl", "gcc")


def main() -> int:
    arguments = read_arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with folder(arguments) as work:
            compare(arguments, Path(work))
    except KeyboardInterrupt:
        return 130
    except (RuntimeError, OSError) as error:
        print(f"check-deployment: {error}", file=sys.stderr)
        return 1
    return 0


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        print(f"check-deployment: {message}", file=sys.stderr)
        sys.exit(2)


def read_arguments() -> argparse.Namespace:
    parser = Parser(prog="scripts/check-deployment")
    parser.add_argument("--flora", type=Path, required=True)
    parser.add_argument("--python", type=Path, default=Path(sys.executable), help="a Python interpreter with flwr, torch and transformers")
    parser.add_argument("--out", type=Path, default=Path("results/deployment"))
    parser.add_argument("--rounds", type=int, default=Settings.rounds)
    parser.add_argument(
        "--without", choices=KEYS, action="append", default=[], metavar="KEY",
        help=f"omit a key of the scenario: {', '.join(KEYS)}",
    )
    parser.add_argument(
        "--patience", type=float, default=0, metavar="MINUTES",
        help="total minutes to wait before the runs until other processes on the machine are idle",
    )
    parser.add_argument("--simulate", action="store_true", help="compare with existing measurements instead of running a federation")
    parser.add_argument("--keep", type=Path, help="an empty folder in which to keep the logs of all programs")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("--rounds must be at least 1.")
    if arguments.simulate:
        if not (arguments.out / "measured.json").exists():
            parser.error(f"--simulate needs {arguments.out / 'measured.json'}, which is written by a run without --simulate.")
        return arguments
    if os.geteuid() != 0:
        parser.error("network namespaces and CPU quotas need root; run as root, or pass --simulate.")
    if not Path("/dev/net/tun").exists():
        parser.error("the emulated links need /dev/net/tun, which is missing; try `modprobe tun`.")
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        parser.error(f"{', '.join(missing)} cannot be found; install iproute2, util-linux, procps and gcc.")
    if arguments.keep and arguments.keep.exists() and any(arguments.keep.iterdir()):
        parser.error(f"{arguments.keep} is not empty; name another folder.")
    return arguments


def folder(arguments: argparse.Namespace):
    """A folder for the logs, which is deleted at the end unless it is to be kept."""
    if not arguments.keep:
        return tempfile.TemporaryDirectory(prefix="flora-deployment-")

    class Kept:
        def __enter__(self) -> str:
            arguments.keep.mkdir(parents=True, exist_ok=True)
            return str(arguments.keep.resolve())

        def __exit__(self, *_) -> None:
            pass

    return Kept()


def compare(arguments: argparse.Namespace, work: Path) -> None:
    flora = Flora(arguments.flora.resolve(), work)
    without = frozenset(arguments.without)
    check_keys(flora, work, without)
    measured_file = arguments.out / "measured.json"
    if arguments.simulate:
        measured = json.loads(measured_file.read_text())
        settings = Settings(**measured["settings"])
    else:
        from .deployment import Deployment

        settings = Settings(rounds=arguments.rounds)
        base = Path("Sources/BaseModels/Models/nano").resolve()
        measured = Deployment(arguments.python.absolute(), base, flora, work, settings, arguments.patience, say).measure()
        measured["settings"] = vars(settings)
        arguments.out.mkdir(parents=True, exist_ok=True)
        measured_file.write_text(json.dumps(measured, indent=1) + "\n")
    say("Simulating the same federation")
    framing = comparison.framings(measured)
    priced = framing["down"].overhead, framing["up"].overhead, framing["mean"].share
    rates = comparison.rates(measured, flora.step_seconds("flora", settings.batch))
    file = arguments.out / "scenario.yaml"
    link = {device.name: device.rtt for device in DEVICES}
    compared = []
    for round_trips, path in ((measured["empty_call_seconds"], work / "empty-calls.yaml"), (link, file)):
        path.write_text(scenario(DEVICES, settings, rates, round_trips, priced, without))
        compared.append(comparison.pairs(measured, *flora.run(path)))
    with_calls, pairs = compared
    comparison.write(arguments.out, measured, pairs, with_calls, without)
    say(comparison.summary(pairs))
    say(f"{arguments.out / 'README.md'} has the results")


def check_keys(flora: Flora, work: Path, without: frozenset[str]) -> None:
    """Fails before any measurement if flora does not know a key of the scenario."""
    file = work / "check.yaml"
    rates, link = {device.name: 1e9 for device in DEVICES}, {device.name: device.rtt for device in DEVICES}
    file.write_text(scenario(DEVICES, Settings(), rates, link, (0, 0, 0), without))
    flora.said("validate", str(file))


def say(line: str) -> None:
    print(line, flush=True)


sys.exit(main())
