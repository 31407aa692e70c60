"""Puts what was measured and what flora simulates side by side."""

import csv
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from .devices import DEVICES
from .framing import Framing, measured_framing
from .simulation import METHODS

START, END = "<!-- tables: scripts/check-deployment writes them -->", "<!-- end of tables -->"
PHASES = {"download": "download_s", "train": "train_s", "upload": "upload_s"}
TARGETS = {"bytes": 0.01, "memory": 0.05, "time": 0.10, "accuracy": 0.01}


@dataclass(frozen=True)
class Pair:
    """A quantity of a method and a device: measured, in the mean over rounds, and simulated."""

    kind: str
    method: str
    device: str
    quantity: str
    measured: float
    simulated: float

    @property
    def error(self) -> float:
        """Relative, but for accuracy, which is a share already."""
        difference = self.simulated - self.measured
        return difference if self.kind == "accuracy" else difference / self.measured

    @property
    def is_within_target(self) -> bool:
        return abs(self.error) <= TARGETS[self.kind]


def framings(measured: dict) -> dict[str, Framing]:
    """The framing of messages down, up, and of both in the mean, from the messages of two sizes without training."""
    found = {
        way: measured_framing(
            [
                (4 * phase["numbers"], phase["wire_bytes"])
                for phase in measured["phases"]
                if phase["method"] == "framing" and phase["phase"] == name
            ]
        )
        for way, name in (("down", "download"), ("up", "upload"))
    }
    both = found.values()
    found["mean"] = Framing(mean(one.overhead for one in both), mean(one.share for one in both))
    return found


def rates(measured: dict, step: float) -> dict[str, float]:
    """FLOP/s of each device's products, by its one calibration and the seconds that its step takes at 1 GFLOP/s."""
    return {name: 1e9 * step / seconds for name, seconds in measured["step_seconds"].items()}


def pairs(measured: dict, tasks: list[dict], rounds: list[dict]) -> list[Pair]:
    """All quantities side by side, from the rows of tasks.csv and rounds.csv."""
    found = []
    for method in METHODS:
        for device in DEVICES:
            own = [task for task in tasks if (task["method"], task["device_class"]) == (method, device.name)]
            for phase, column in PHASES.items():
                seconds = mean(entry["seconds"] for entry in entries(measured, method, device.name, phase))
                found.append(Pair("time", method, device.name, phase, seconds, mean(float(task[column]) for task in own)))
            parts = found[-len(PHASES):]
            whole = sum(part.measured for part in parts), sum(part.simulated for part in parts)
            found.append(Pair("time", method, device.name, "all three", *whole))
            for phase, way in (("download", "down"), ("upload", "up")):
                wire = mean(entry["wire_bytes"] for entry in entries(measured, method, device.name, phase))
                found.append(Pair("bytes", method, device.name, way, wire, mean(float(task[f"wire_bytes_{way}"]) for task in own)))
            peak = measured["peak_bytes"][method][device.name]
            own_peak = max(int(task["peak_memory_bytes"]) for task in own)
            found.append(Pair("memory", method, device.name, "peak", peak, own_peak))
        for entry in measured["accuracy"]:
            if entry["method"] == method:
                row = next(row for row in rounds if (row["method"], int(row["round"])) == (method, entry["round"]))
                found.append(
                    Pair("accuracy", method, "", f"round {entry['round']}", entry["accuracy"], float(row["test_accuracy"]))
                )
    return found


def entries(measured: dict, method: str, device: str, phase: str) -> list[dict]:
    return [
        entry for entry in measured["phases"]
        if (entry["method"], entry["device"], entry["phase"]) == (method, device, phase)
    ]


def write(folder: Path, measured: dict, pairs: list[Pair], with_calls: list[Pair], without: frozenset[str]) -> None:
    """comparison.csv, and the tables of README.md, whose other text stays."""
    with (folder / "comparison.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["kind", "method", "device", "quantity", "measured", "simulated", "error", "within_target"])
        for pair in pairs:
            numbers = (f"{pair.measured:.6g}", f"{pair.simulated:.6g}", f"{pair.error:.4f}")
            writer.writerow([pair.kind, pair.method, pair.device, pair.quantity, *numbers, pair.is_within_target])
    readme = folder / "README.md"
    text = readme.read_text() if readme.exists() else f"# A real federation and the same one simulated\n\n{START}\n{END}\n"
    if text.count(START) != 1 or text.count(END) != 1:
        raise RuntimeError(f"{readme} has no place for the tables; it needs the lines `{START}` and `{END}`.")
    before, rest = text.split(START)
    readme.write_text(f"{before}{START}\n\n{tables(measured, pairs, with_calls, without)}\n{END}{rest.split(END)[1]}")


def tables(measured: dict, pairs: list[Pair], with_calls: list[Pair], without: frozenset[str]) -> str:
    parts = [conditions(measured, without), summary(pairs)]
    parts += [times(measured, pairs, with_calls), sizes(measured, pairs), memory(pairs), accuracy(pairs)]
    parts += [overheads(measured), devices(measured)]
    return "\n\n".join(parts) + "\n"


def conditions(measured: dict, without: frozenset[str]) -> str:
    machine = measured["machine"]
    busy = ", ".join(f"{name.removesuffix('-0')} {cores:.1f}" for name, cores in measured["busy"].items())
    left_out = f" The scenario was run without its keys for {', '.join(sorted(without))}." if without else ""
    return (
        f"Measured on {machine['date']} on {machine['cores']} cores of {machine['processor']}, Linux {machine['kernel']}. "
        f"Other processes kept {measured['busy_before']:.1f} cores busy before it began, and before each run: {busy}.{left_out}"
    )


def summary(pairs: list[Pair]) -> str:
    rows = []
    for kind, quantity, name in (
        ("bytes", None, "bytes of a message on the wire"), ("memory", None, "peak memory"),
        ("time", "download", "seconds of a download"), ("time", "train", "seconds of training"),
        ("time", "upload", "seconds of an upload"), ("time", "all three", "seconds of all three"), ("accuracy", None, "accuracy of a round"),
    ):
        cells = [name, "1 point" if kind == "accuracy" else f"{TARGETS[kind]:.0%}"]
        for method in METHODS:
            part = [pair for pair in pairs if (pair.kind, pair.method) == (kind, method) and quantity in (None, pair.quantity)]
            errors = [abs(pair.error) for pair in part]
            within = sum(pair.is_within_target for pair in part)
            unit = " points" if kind == "accuracy" else " %"
            cells.append(f"{100 * mean(errors):.1f}{unit}; {100 * max(errors):.1f}{unit}; {within} of {len(part)}")
        rows.append(cells)
    return "The mean of the errors, the worst, and how many are within the target:\n\n" + table(
        ["", "target", "LoRA", "full fine-tuning"], rows
    )


def times(measured: dict, pairs: list[Pair], with_calls: list[Pair]) -> str:
    rows = []
    for method in METHODS:
        for device in DEVICES:
            for phase in [*PHASES, "all three"]:
                pair = pick(pairs, "time", method, device.name, phase)
                rounds = [f"{entry['seconds']:.2f}" for entry in entries(measured, method, device.name, phase)]
                rows.append(
                    [method, device.name, phase, " / ".join(rounds), f"{pair.measured:.2f}", f"{pair.simulated:.2f}",
                     f"{pair.error:+.1%}", f"{pick(with_calls, 'time', method, device.name, phase).error:+.1%}"]
                )
    heads = [
        "method", "device", "phase", "measured by round, s", "mean", "simulated", "error",
        "error where `rtt` is an empty call's",
    ]
    return "## Seconds\n\n" + table(heads, rows)


def sizes(measured: dict, pairs: list[Pair]) -> str:
    rows = []
    for method in METHODS:
        for device in DEVICES:
            for way, phase in (("down", "download"), ("up", "upload")):
                pair = pick(pairs, "bytes", method, device.name, way)
                link = next(
                    link for link in measured["links"]
                    if (link["method"], link["device"], link["direction"]) == (method, device.name, way)
                )
                sent = entries(measured, method, device.name, phase)
                messages = sum(entry["wire_bytes"] for entry in sent)
                again = sum(entry["repeated_bytes"] for entry in sent)
                other = link["kernel_bytes"] - messages - again - link["acknowledgement_bytes"]
                rows.append(
                    [method, device.name, way, f"{pair.measured:,.0f}", f"{pair.simulated:,.0f}", f"{pair.error:+.2%}",
                     f"{link['kernel_bytes']:,}", f"{messages:,}", f"{again:,}", f"{link['acknowledgement_bytes']:,}", f"{other:,}"]
                )
    heads = [
        "method", "device", "way", "a message", "simulated", "error", "all on the link (kernel)", "messages", "sent again",
        "acknowledgements", "requests, polls, heartbeats, program",
    ]
    return "## Bytes on the wire\n\n" + table(heads, rows)


def memory(pairs: list[Pair]) -> str:
    rows = [
        [pair.method, pair.device, f"{pair.measured / 1e6:.1f}", f"{pair.simulated / 1e6:.1f}", f"{pair.error:+.1%}"]
        for pair in pairs if pair.kind == "memory"
    ]
    return "## Peak memory\n\n" + table(["method", "device", "measured, MB", "simulated, MB", "error"], rows)


def accuracy(pairs: list[Pair]) -> str:
    rows = [
        [pair.method, pair.quantity, f"{pair.measured:.2%}", f"{pair.simulated:.2%}", f"{100 * pair.error:+.2f} points"]
        for pair in pairs if pair.kind == "accuracy"
    ]
    return "## Accuracy\n\n" + table(["method", "after", "measured", "simulated", "difference"], rows)


def overheads(measured: dict) -> str:
    found = framings(measured)
    rows = [[way, f"{one.overhead:,.0f}", f"{one.share:.6f}"] for way, one in found.items()]
    priced = table(["way", "bytes of each message", "bytes for each byte"], rows)
    rows = []
    for method in METHODS:
        for phase in ("download", "upload"):
            sent = [entry for device in DEVICES for entry in entries(measured, method, device.name, phase)]
            payload = 4 * measured["numbers"][method]
            protobuf, tcp, wire = (mean(entry[key] for entry in sent) for key in ("protobuf_bytes", "tcp_bytes", "wire_bytes"))
            layers = (payload, protobuf - payload, tcp - protobuf, wire - tcp)
            rows.append([method, phase, *(f"{layer:,.0f}" for layer in layers), f"{wire / payload - 1:.1%}"])
    heads = ["method", "message", "numbers", "protobuf", "gRPC and HTTP/2", "TCP and IP", "all beside the numbers"]
    return "## Framing of a message\n\n" + priced + "\n\nWhat a message has beside its numbers, in bytes:\n\n" + table(heads, rows)


def devices(measured: dict) -> str:
    rows = [
        [device.name, f"{device.core_share:.2f}", f"{measured['step_seconds'][device.name]:.3f}",
         f"{device.download / 1e6:g} / {device.upload / 1e6:g}", f"{1e3 * device.rtt:g}",
         f"{1e3 * measured['empty_call_seconds'][device.name]:.1f}",
         f"{start_up(measured, device.name):.1f}",
         f"{measured['drops'][device.name]['down']} / {measured['drops'][device.name]['up']}"]
        for device in DEVICES
    ]
    heads = [
        "device", "cores", "calibration: s a step", "Mbit/s down / up", "link's round trip, ms", "empty call, ms",
        "a task's start-up, core s", "packets dropped by the queue, down / up",
    ]
    return "## Devices\n\n" + table(heads, rows)


def start_up(measured: dict, device: str) -> float:
    """Core seconds that a client's program took before it trained, in the mean over its tasks."""
    return mean(
        entry["start_up_core_seconds"] for method in METHODS for entry in entries(measured, method, device, "train")
    )


def pick(pairs: list[Pair], kind: str, method: str, device: str, quantity: str) -> Pair:
    return next(
        pair for pair in pairs
        if (pair.kind, pair.method, pair.device, pair.quantity) == (kind, method, device, quantity)
    )


def table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
