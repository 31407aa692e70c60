"""The deployment as a scenario, and its simulation by flora."""

import csv
import json
import os
import string
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .devices import Device

TEMPLATE = Path(__file__).parent / "scenario.yaml"
METHODS = ("flora", "fedfft")
ROUND_TRIPS = 4
"""Round trips in Flower's protocol up to the one that delivers the last bytes.

The first requests or announces a message. Its parts are then fetched or sent two at a time: the numbers in chunks of 5 MiB, and
five small parts. LoRA's six parts take three round trips. A full model's seven parts take as many: the part sent
alongside the rest of the larger chunk waits behind it, and the last four parts follow.
"""
BALANCE = 5.2
"""Operations per byte of memory traffic of this machine, PyTorch's from results/time, and the same as `flora calibrate` gives.
A fraction of a core has the same fraction of both."""
KEYS = ("transport", "protocol", "runtime")
"""Parts of the scenario that can be omitted to measure their effect."""


@dataclass(frozen=True)
class Settings:
    rounds: int = 3
    train_samples: int = 2048
    test_samples: int = 2000
    batch: int = 128
    seed: int = 0


def scenario(
    devices: list[Device], settings: Settings, rates: dict[str, float], round_trips: dict[str, float],
    framing: tuple[float, float, float], without: frozenset[str],
) -> str:
    """The scenario's text with each device's measured rate, in FLOP/s, and round-trip time, in seconds."""
    classes = [
        f"    - {{ name: {device.name}, share: {1 / len(devices)}, compute: {rates[device.name] / 1e9:.4f} GFLOPS, "
        f"memory_bandwidth: {rates[device.name] / BALANCE / 1e9:.4f} GB/s, "
        f"memory: 8 GB, download: {device.download / 1e6:g} Mbps, upload: {device.upload / 1e6:g} Mbps, "
        f"rtt: {round_trips[device.name] * 1e3:.4g} ms }}"
        for device in devices
    ]
    down, up, share = framing
    keys = {
        "transport": "\n  transport: { kind: tcp, initial_window: 10, segment: 1448 B, loss: 0 %, queue: 1 }",
        "protocol": f"\n  protocol: {{ overhead: {round(down)} B, overhead_up: {round(up)} B, overhead_share: {share:.6f} }}",
        "runtime": "\n  runtime: pytorch",
    }
    return string.Template(TEMPLATE.read_text()).substitute(
        {key: "" if key in without else line for key, line in keys.items()},
        seed=settings.seed, train_samples=settings.train_samples, test_samples=settings.test_samples,
        batch=settings.batch, rounds=settings.rounds, devices=len(devices),
        classes="\n".join(classes), handshakes=ROUND_TRIPS,
    )


class Flora:
    """The program, with its scenarios and results in a folder."""

    def __init__(self, program: Path, folder: Path):
        self.program = program
        self.folder = folder

    def step_seconds(self, method: str, batch: int) -> float:
        """The time of PyTorch's step on a device with 1 GFLOP/s."""
        speed = ["--compute", "1 GFLOPS", "--memory-bandwidth", f"{1 / BALANCE:.6f} GB/s"]
        output = self.said("model", "nano", "--batch-size", str(batch), "--json", *speed)
        methods = json.loads(output)["methods"]
        step = next(entry for entry in methods if entry["name"] == method)["reference"]
        return step["seconds_per_step_by_runtime"]["pytorch"]

    def numbers(self, scenario: Path) -> dict[str, int]:
        """Each device's number, by the name of its class."""
        rows = csv.DictReader(self.said("fleet", str(scenario)).splitlines())
        return {row["device_class"]: int(row["device"]) for row in rows}

    def run(self, scenario: Path) -> tuple[list[dict], list[dict]]:
        """The rows of tasks.csv and of rounds.csv."""
        results = self.folder / f"simulated-{scenario.stem}"
        self.said("run", str(scenario), "--out", str(results), "--quiet")
        return read(results / "tasks.csv"), read(results / "rounds.csv")

    def said(self, *arguments: str) -> str:
        environment = os.environ | {"FLORA_CACHE": str(self.folder / "cache")}
        done = subprocess.run(
            [self.program, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"flora {arguments[0]} failed: {done.stderr.strip()}")
        return done.stdout


def read(path: Path) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def wire_bytes(payload: int, framing: tuple[float, float], segment: int = 1448, header: int = 52) -> int:
    """The bytes of a message's packets: payload, framing and packet headers (docs/costs.md)."""
    overhead, share = framing
    message = payload + round(overhead) + -int(-share * payload // 1)
    return message + header * -(-message // segment)
