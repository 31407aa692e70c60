"""Runs that are killed and resumed, and a comparison of their results."""

import dataclasses
import os
import pathlib
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable

from .results import contents, difference

EXIT_CODES = {signal.SIGKILL: -signal.SIGKILL, signal.SIGINT: 130, signal.SIGTERM: 143}
CHECKPOINT = "checkpoint.flora"
TEMPORARY = CHECKPOINT + ".temporary"
# Seconds in which a program may not yet have reached its first line.
START_UP = 0.5


@dataclasses.dataclass
class Kill:
    """When and how a run is killed."""

    signal: signal.Signals
    # Seconds after the start, or after `file` exists.
    delay: float
    # A file in the results folder that the kill waits for, to hit short windows.
    file: str | None = None

    def __str__(self) -> str:
        after = f"after {self.file} existed" if self.file else "after the start"
        return f"{self.signal.name} {self.delay:.3f} s {after}"


class Trials:
    """Kills runs of a scenario until the requested number of kills is reached."""

    def __init__(
        self, flora: pathlib.Path, scenario: pathlib.Path, folder: pathlib.Path, seed: int, say: Callable[[str], None]
    ):
        self.flora = flora
        self.scenario = scenario
        self.folder = folder
        self.seed = seed
        self.say = say
        self.environment = os.environ | {"FLORA_CACHE": str(folder / "cache")}
        self.faults = 0
        self.kills = 0
        self.from_checkpoint = 0

    def run(self, count: int) -> int:
        """Performs `count` kills; returns the number of failures."""
        self.start("reference", []).wait()  # computes the image features that the others read from the cache
        begun = time.monotonic()
        self.start("reference", ["--force"]).wait()
        self.duration = time.monotonic() - begun
        self.reference = contents(self.folder / "reference")
        self.last_method = sorted(
            (self.folder / "reference" / "adapters").iterdir(), key=lambda method: method.stat().st_mtime
        )[-1].name
        self.say(
            f"uninterrupted: {self.duration:.1f} s, {len(self.reference)} files to compare; seed {self.seed}, {count} kills"
        )
        trial = 0
        while self.kills < count:
            trial += 1
            self.trial(trial, random.Random(f"{self.seed} {trial}"), count)
        self.say(
            f"{self.kills} kills in {trial} runs, {self.from_checkpoint} resumed from a checkpoint, "
            f"{self.faults} failures"
        )
        return self.faults

    def trial(self, number: int, draws: random.Random, most: int) -> None:
        """A run from start to end, killed one or more times."""
        name = f"trial-{number}"
        arguments: list[str] = []
        lines: list[str] = []
        while True:
            kill = None
            if self.kills < most and (not lines or draws.random() < 0.3):
                kill = self.draw(draws, again=bool(lines))
            was_finished = (self.folder / name / "manifest.json").exists()
            process = self.start(name, arguments)
            was_killed = kill is not None and self.wait(process, kill, self.folder / name)
            errors = process.communicate()[1].decode()
            if arguments and lines:
                lines[-1] += ", had finished" if was_finished else ", resumed " + resumption(errors)
                self.from_checkpoint += "resuming from" in errors
            if not was_killed:
                break
            self.kills += 1
            where = position(self.folder / name)
            fault = self.fault(process.returncode, errors, kill)
            lines.append(f"{self.kills:4}  {kill}, {where}{fault}")
            arguments = ["--resume"]
        outcome = self.difference(process.returncode, self.folder / name)
        for line in lines:
            self.say(f"{line}, {outcome}")
        shutil.rmtree(self.folder / name)

    def draw(self, draws: random.Random, again: bool) -> Kill:
        """A kill time: usually uniform over the run, sometimes while a file is being written."""
        how = draws.choices([signal.SIGKILL, signal.SIGINT, signal.SIGTERM], [8, 1, 1])[0]
        kind = draws.random()
        if kind < 0.1:
            return Kill(how, draws.uniform(0, 0.05), f"adapters/{self.last_method}")
        if kind < 0.2:
            return Kill(how, draws.uniform(0, 0.005), TEMPORARY)
        return Kill(how, draws.uniform(0, self.duration * (0.6 if again else 1)))

    def start(self, name: str, arguments: list[str]) -> subprocess.Popen:
        return subprocess.Popen(
            [self.flora, "run", self.scenario, "--out", self.folder / name, "--quiet", *arguments],
            env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )

    def wait(self, process: subprocess.Popen, kill: Kill, folder: pathlib.Path) -> bool:
        """Kills the process at the chosen moment; returns whether it was still running."""
        if kill.file:
            while process.poll() is None and not (folder / kill.file).exists():
                time.sleep(0.0005)
        try:
            process.wait(kill.delay)
            return False
        except subprocess.TimeoutExpired:
            process.send_signal(kill.signal)
            process.wait()
            # A run that exits by itself while the signal is in flight has not been killed.
            return process.returncode != 0

    def fault(self, code: int, errors: str, kill: Kill) -> str:
        """What is wrong with the exit of a killed run; empty if nothing is."""
        if not kill.file and kill.delay < START_UP and code == -kill.signal:
            return ""  # the signal ends the process before the program has installed its handler
        if code != EXIT_CODES[kill.signal]:
            self.faults += 1
            return f", EXIT CODE {code} ({errors.strip()})"
        if kill.signal != signal.SIGKILL and "--resume" not in errors:
            self.faults += 1
            return ", --resume NOT MENTIONED"
        return ""

    def difference(self, code: int, folder: pathlib.Path) -> str:
        """The files that differ from those of the uninterrupted run."""
        different = difference(contents(folder), self.reference)
        if code == 0 and not different:
            return "equal"
        self.faults += 1
        return f"DIFFERENT (exit code {code}): {different}"


def position(folder: pathlib.Path) -> str:
    """How far a run had progressed, judging by its files."""
    if not (folder / "rounds.csv").exists():
        return "before its first table"
    if (folder / "summary.csv").exists():
        return "writing its last files"
    rows = (folder / "rounds.csv").read_text(encoding="utf-8").splitlines()[1:]
    if not rows:
        return "before its first version"
    method, _, version = rows[-1].split(",")[:3]
    writing = ", writing a checkpoint" if (folder / TEMPORARY).exists() else ""
    return f"after version {version} of {method}{writing}"


def resumption(errors: str) -> str:
    """Where a run was resumed, according to its output."""
    for line in errors.splitlines():
        if "resuming from" in line:
            return line.split("resuming ")[1]
    return "from the beginning"
