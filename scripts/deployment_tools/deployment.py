"""Runs the deployment and records the measurements."""

import fcntl
import os
import platform
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from . import calls, data, packets
from .devices import DEVICES, Device
from .federation import Federation
from .network import Network
from .packets import DOWN, UP
from .processors import Processors, wait_for_quiet
from .simulation import KEYS, METHODS, Flora, Settings, scenario

FRAMING_NUMBERS = (1_000, 1_000_000)
"""Two sizes that no method has, for measuring message framing."""
CALIBRATION_STEPS = 4
LOCK = Path("/tmp/flora-deployment.lock")


class Deployment:
    def __init__(
        self, python: Path, base: Path, flora: Flora, folder: Path, settings: Settings, patience: float,
        say: Callable[[str], None],
    ):
        self.python = python
        self.base = base
        self.flora = flora
        self.folder = folder
        self.settings = settings
        self.deadline = time.monotonic() + 60 * patience
        self.say = say
        self.processes: list[subprocess.Popen] = []

    def measure(self) -> dict:
        """All measurements, as stored in measured.json."""
        with LOCK.open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise RuntimeError("another run is using the network namespaces; wait for it to finish") from None
            try:
                return self.deploy()
            finally:
                for process in self.processes:
                    process.kill()

    def deploy(self) -> dict:
        emulator = self.folder / "link_emulator"
        source = Path(__file__).parent / "link_emulator.c"
        subprocess.run(["gcc", "-O2", "-o", emulator, source], check=True)
        self.prepare()
        measured = {"machine": machine(), "busy_before": wait_for_quiet(self.deadline)}
        with Processors({device.name: device.core_share for device in DEVICES}) as processors:
            self.say("Calibrating the devices: a LoRA step on noise, all devices at once")
            measured["step_seconds"] = self.calibrate(processors)
            with Network(DEVICES, emulator, self.folder / "packets.bin") as network:
                self.say("Starting Flower's SuperLink and SuperNodes")
                with Federation(DEVICES, processors, self.python, self.base, self.folder) as federation:
                    windows = self.run(network, federation)
            measured["drops"] = {name: dict(zip(("down", "up"), drops)) for name, drops in network.drops.items()}
        measured |= self.read_logs(windows)
        measured["numbers"] = {method: np.load(self.folder / f"{method}-start.npy").size for method in METHODS}
        self.say("Measuring the memory of each device's steps")
        measured["peak_bytes"] = {
            method: {device.name: int(self.call("peaks", str(self.folder), device.name, method)) for device in DEVICES}
            for method in METHODS
        }
        return measured

    def prepare(self) -> None:
        """Writes the data and starting points of the devices, numbered as in flora's fleet."""
        file = self.folder / "numbers.yaml"
        any_rate, link = {device.name: 1e9 for device in DEVICES}, {device.name: device.rtt for device in DEVICES}
        file.write_text(scenario(DEVICES, self.settings, any_rate, link, (0, 0), frozenset(KEYS)))
        settings = self.settings
        data.write(
            self.folder, self.flora.numbers(file), settings.rounds, settings.train_samples, settings.test_samples,
            settings.batch, settings.seed,
        )
        self.call("starting_points", str(self.folder), str(settings.seed))

    def calibrate(self, processors: Processors) -> dict[str, float]:
        processes = {
            device.name: self.begin("calibration", str(processors.group(device.name)), str(CALIBRATION_STEPS))
            for device in DEVICES
        }
        return {name: float(finished(process)) for name, process in processes.items()}

    def call(self, module: str, *arguments: str) -> str:
        return finished(self.begin(module, *arguments))

    def begin(self, module: str, *arguments: str) -> subprocess.Popen:
        command = [self.python, "-m", f"{__package__}.{module}", self.base, *arguments]
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1]), "OMP_NUM_THREADS": "1"}
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        self.processes.append(process)
        return process

    def run(self, network: Network, federation: Federation) -> list[dict]:
        """Performs all Flower runs; returns the start and end of each, and the kernel's counters."""
        runs = [("framing", 1, numbers) for numbers in FRAMING_NUMBERS]
        runs += [(method, self.settings.rounds, 0) for method in METHODS]
        windows = []
        for method, rounds, numbers in runs:
            self.say(f"Flower runs {method}" + (f" with {numbers} numbers" if numbers else f", {rounds} rounds"))
            busy, before, start = wait_for_quiet(self.deadline), network.counters(), time.monotonic_ns()
            federation.run(method, rounds, numbers)
            end, after = time.monotonic_ns(), network.counters()
            counted = {
                name: {key: after[name][key] - before[name][key] for key in after[name]} for name in after
            }
            windows.append(
                {
                    "method": method, "numbers": numbers, "rounds": rounds, "start": start, "end": end, "busy": busy,
                    "counters": counted,
                }
            )
        return windows

    def read_logs(self, windows: list[dict]) -> dict:
        log = packets.read_packets(self.folder / "packets.bin")
        phases, links, empty_calls = [], [], {}
        for device in DEVICES:
            called = calls.read_lines(self.folder / f"{device.name}-calls.jsonl")
            seconds = []
            for window in windows:
                within = [call for call in called if window["start"] <= call["start"] <= window["end"]]
                phases += transfer_phases(device, window, within, log)
                links += link_rows(device, window, log)
                if window["method"] == "framing":
                    seconds += calls.empty_calls(within)
            empty_calls[device.name] = median(seconds)
            phases += map(training_phase, calls.read_lines(self.folder / f"{device.name}-training.jsonl"))
        return {
            "phases": phases, "links": links, "accuracy": calls.read_lines(self.folder / "accuracy.jsonl"),
            "busy": {f"{window['method']}-{window['numbers']}": window["busy"] for window in windows},
            "empty_call_seconds": empty_calls,
        }


def transfer_phases(device: Device, window: dict, called: list[dict], log: list[packets.Packet]) -> list[dict]:
    """All downloads and uploads of a device in a run."""
    phases = []
    for direction, transfers in zip((DOWN, UP), calls.transfers(called)):
        phase = ("download", "upload")[direction]
        if len(transfers) != window["rounds"]:
            raise RuntimeError(f"{device.name} has {len(transfers)} {phase}s in {window['rounds']} rounds of {window['method']}")
        for number, transfer in enumerate(transfers, 1):
            phases.append(
                {
                    "method": window["method"], "numbers": window["numbers"], "device": device.name, "round": number,
                    "phase": phase, "seconds": transfer.seconds, "objects": transfer.objects,
                    "protobuf_bytes": transfer.protobuf_bytes,
                    **vars(packets.carried(log, transfer, device.number, direction)),
                }
            )
    return phases


def training_phase(entry: dict) -> dict:
    kept = ("method", "device", "round", "core_share", "step_seconds", "start_up_core_seconds")
    loss = sum(entry["losses"]) / len(entry["losses"])
    seconds = (entry["end"] - entry["start"]) / 1e9
    return {key: entry[key] for key in kept} | {"numbers": 0, "phase": "train", "seconds": seconds, "loss": loss}


def link_rows(device: Device, window: dict, log: list[packets.Packet]) -> list[dict]:
    """Both directions of a device's link in a run, from the kernel's counters and by kind of packet."""
    return [
        {
            "method": window["method"], "numbers": window["numbers"], "device": device.name, "direction": way,
            "kernel_bytes": window["counters"][device.name][counter],
            "acknowledgement_bytes": packets.acknowledgements(
                log, device.number, direction, window["start"], window["end"]
            ),
        }
        for direction, way, counter in ((DOWN, "down", "rx_bytes"), (UP, "up", "tx_bytes"))
    ]


def finished(process: subprocess.Popen) -> str:
    output, errors = process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"{process.args[2]} failed: {errors.strip().splitlines()[-1]}")
    return output


def machine() -> dict[str, str | int]:
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    return {"processor": model, "cores": os.cpu_count() or 1, "kernel": platform.release().split("-")[0], "date": time.strftime("%Y-%m-%d")}
