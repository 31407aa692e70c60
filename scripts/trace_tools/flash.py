"""FLASH's session logs, as JSON: the raw logs, or the timers derived from them.

A raw log is a device's ``messages``, lines of a time and an event. A device is online while it is locked, charging and
on Wi-Fi. A timer has these sessions as ``ready_time``, with the seconds of their start and end.
"""

from __future__ import annotations

import json
from datetime import datetime, timezone

from .recording import DAY, Recording, TraceError

_FORMAT = "%Y-%m-%d %H:%M:%S"
_EFFECTS = {
    "battery_charged_on": ("charged", True),
    "battery_charged_off": ("charged", False),
    "wifi": ("wifi", True),
    "unknown": ("wifi", False),
    "2g": ("wifi", False),
    "3g": ("wifi", False),
    "4g": ("wifi", False),
    "5g": ("wifi", False),
    "screen_lock": ("locked", True),
    "screen_unlock": ("locked", False),
}
# Also logged, but irrelevant to availability.
_IDLE_WORDS = {"screen_on", "screen_off", "battery_low", "battery_okay", "phone_on", "phone_off"}


def read(data: bytes) -> list[Recording]:
    """The recordings of a JSON file, in order, with the midnight before the first record as second 0.

    Raises:
        TraceError: if it has neither of FLASH's formats.
    """
    try:
        devices = json.loads(data)
    except ValueError as error:
        raise TraceError(f"the JSON cannot be read ({error}); save it again") from error
    if not isinstance(devices, dict) or not devices:
        raise TraceError("the JSON does not contain a dictionary of devices; pass FLASH's session logs or timers")
    recordings = [recording for device, entry in devices.items() if (recording := _recording(device, entry))]
    if not recordings:
        raise TraceError("no device has a usable recording; pass other logs")
    midnight = min(recording.start for recording in recordings) // DAY * DAY
    return [
        Recording(
            recording.device,
            recording.start - midnight,
            recording.period,
            tuple((begin - midnight, end - midnight) for begin, end in recording.sessions),
        )
        for recording in recordings
    ]


def _recording(device: str, entry: object) -> Recording | None:
    if isinstance(entry, dict) and "ready_time" in entry:
        return _timer(device, entry)
    if isinstance(entry, dict) and isinstance(entry.get("messages"), str):
        return _log(device, entry["messages"])
    raise TraceError(f"device {device} has neither messages nor ready_time; pass FLASH's session logs or timers")


def _timer(device: str, entry: dict) -> Recording | None:
    # FLASH marks timers that it could not compute, and ignores them too.
    if not entry.get("isSuccess", True):
        return None
    try:
        start, end = float(entry["trace_start"]), float(entry["trace_end"])
        sessions = tuple((float(begin), float(finish)) for begin, finish in entry["ready_time"])
    except (KeyError, TypeError, ValueError) as error:
        raise TraceError(
            f"device {device}: expected trace_start, trace_end and pairs in ready_time, in seconds;"
            " pass FLASH's timers"
        ) from error
    return Recording(device, start, end - start, sessions)


def _log(device: str, messages: str) -> Recording | None:
    state = {"charged": False, "wifi": False, "locked": False}
    sessions: list[tuple[float, float]] = []
    start = since = now = None
    for line in filter(str.strip, messages.split("\n")):
        now, word = _record(device, line)
        start = now if start is None else start
        if word in _EFFECTS:
            name, value = _EFFECTS[word]
            state[name] = value
        elif word not in _IDLE_WORDS and not word.endswith("%"):
            raise TraceError(f"device {device}: unknown event {word}; correct the line or remove the device")
        if all(state.values()):
            since = now if since is None else since
        elif since is not None:
            sessions.append((since, now))
            since = None
    if since is not None:
        sessions.append((since, now))
    # A log of a single instant has no duration.
    return Recording(device, start, now - start, tuple(sessions)) if start != now else None


def _record(device: str, line: str) -> tuple[float, str]:
    try:
        time, word = line.strip().split("\t")
        # The logs have no time zone; times are used unchanged.
        instant = datetime.strptime(time.strip(), _FORMAT).replace(tzinfo=timezone.utc)
    except ValueError as error:
        raise TraceError(
            f'device {device}: expected a time and a word, found "{line.strip()[:60]}"; correct the line'
        ) from error
    return instant.timestamp(), word.strip().lower()
