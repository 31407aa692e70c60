"""Checks that a timeline follows the Chrome trace event format, and Perfetto's additional requirements."""

import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

PHASES = {"X", "i", "C", "M"}


def trace_faults(file: Path) -> list[str]:
    """Describes each error in a sentence; empty if there are none."""
    try:
        # Decimals preserve the nanoseconds, the last digits of a long number.
        trace = json.loads(file.read_bytes(), parse_float=Decimal, parse_int=Decimal)
        events = trace["traceEvents"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [f"{file}: not a trace: {error}"]
    if not events:
        return [f"{file}: the trace has no events"]
    faults: list[str] = []
    slices: dict[tuple, list[tuple[Decimal, Decimal, str]]] = defaultdict(list)
    named: dict[str, set] = {"process_name": set(), "thread_name": set()}
    used: set[tuple] = set()
    owners: dict[Decimal, Decimal] = {}
    for place, event in enumerate(events):
        fault = _event_fault(event)
        if fault:
            faults.append(f"{file}: event {place}: {fault}")
            continue
        process, thread = event["pid"], event["tid"]
        if owners.setdefault(thread, process) != process:
            faults.append(f"{file}: event {place}: the thread {thread} belongs to two processes")
        if event["ph"] == "M":
            if event["name"] in named:
                named[event["name"]].add((process, thread) if event["name"] == "thread_name" else process)
        else:
            used.add((process, thread))
        if event["ph"] == "X":
            slices[process, thread].append((event["ts"], event["ts"] + event["dur"], event["name"]))
    faults += [f"{file}: the process {process} has no name" for process in sorted({p for p, _ in used} - named["process_name"])]
    faults += [f"{file}: the thread {track} has no name" for track in sorted(used - named["thread_name"])]
    for track, spans in slices.items():
        faults += [f"{file}: thread {track[1]}: {fault}" for fault in _nesting_faults(spans)]
    return faults


def _event_fault(event: object) -> str | None:
    if not isinstance(event, dict):
        return "it is not an object"
    if event.get("ph") not in PHASES:
        return f"its phase is {event.get('ph')!r}"
    if not isinstance(event.get("name"), str) or not event["name"]:
        return "it has no name"
    for key in ("pid", "tid"):
        value = event.get(key)
        if not isinstance(value, Decimal) or value != value.to_integral_value() or not 0 < value < 2**31:
            return f"its {key} is {value!r}"
    if not isinstance(event.get("args"), dict):
        return "it has no arguments"
    for key in {"X": ("ts", "dur"), "i": ("ts",), "C": ("ts",), "M": ()}[event["ph"]]:
        value = event.get(key)
        if not isinstance(value, Decimal) or value < 0 or value * 1000 != (value * 1000).to_integral_value():
            return f"its {key} is {value!r}, not microseconds to the nanosecond"
    if event["ph"] == "C" and not all(isinstance(value, Decimal) for value in event["args"].values()):
        return "a counter's value is not a number"
    if event["ph"] == "i" and event.get("s") not in ("t", "p", "g"):
        return "an instant has no scope"
    return None


def _nesting_faults(spans: list[tuple[Decimal, Decimal, str]]) -> list[str]:
    """Slices of a thread must be disjoint or nested, and never overlap partially."""
    faults: list[str] = []
    open_slices: list[tuple[Decimal, Decimal, str]] = []
    for start, end, name in sorted(spans, key=lambda span: (span[0], -span[1])):
        while open_slices and open_slices[-1][1] <= start and not (start == end == open_slices[-1][1]):
            open_slices.pop()
        if open_slices and end > open_slices[-1][1]:
            faults.append(f"{name!r} from {start} to {end} extends beyond {open_slices[-1][2]!r}, which ends at {open_slices[-1][1]}")
        open_slices.append((start, end, name))
    return faults
