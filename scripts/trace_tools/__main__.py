"""The command: ``python3 -m trace_tools [--days N] [--up FILE] [--window S] INPUT OUTPUT``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from . import bandwidth, fedscale, flash
from .recording import DAY, Recording, TraceError


def main(arguments: list[str] | None = None) -> int:
    """Runs the command and returns its exit status: 2 for errors that the caller can fix."""
    parser = argparse.ArgumentParser(
        prog="scripts/convert-trace",
        description="Turns recorded availability into the CSV device,start_s,end_s: FedScale's pickle of active and "
        "inactive seconds, FLASH's session logs or its timers (JSON). Turns recorded bandwidth into the CSV "
        "seconds,down_mbps,up_mbps: Pensieve's lines of a second and Mbit/s, Mahimahi's of the milliseconds at which "
        "packets are delivered.",
    )
    parser.add_argument("input", metavar="INPUT", type=Path)
    parser.add_argument("output", metavar="OUTPUT", type=Path)
    parser.add_argument(
        "--days", type=float, help="number of days to write; shorter recordings repeat (default: the longest recording)"
    )
    parser.add_argument(
        "--up", metavar="FILE", type=Path, help="of recorded bandwidth, the file of the way up (default: INPUT's rates)"
    )
    parser.add_argument(
        "--window",
        type=float,
        default=1.0,
        help="over how many seconds Mahimahi's packets are counted (default: 1)",
    )
    options = parser.parse_args(arguments)
    try:
        if bandwidth.is_bandwidth(options.input.read_bytes()):
            return _convert_bandwidth(options)
        recordings = _read(options.input)
        days = options.days or max(recording.start + recording.period for recording in recordings) / DAY
        if not 0 < days <= 36_500:
            raise TraceError("--days must be greater than 0 and at most 36500")
        _write(recordings, days * DAY, options.output)
    except TraceError as error:
        print(f"{options.input}: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{error.filename or options.output}: {error.strerror}", file=sys.stderr)
        return 2
    print(
        f"{options.output}: {len(recordings)} devices; for a recording that repeats, write "
        f'"period: {days * DAY:.9g} s" beside its path; "assignment: in-turn" for a fleet whose devices are not '
        "numbered like these",
        file=sys.stderr,
    )
    return 0


def _convert_bandwidth(options: argparse.Namespace) -> int:
    if not 1e-3 <= options.window <= 1e6:
        raise TraceError("the window must be a number of seconds from 0.001 up to 1000000")
    down = bandwidth.read(options.input, options.window)
    try:
        up = bandwidth.read(options.up, options.window) if options.up else down
    except TraceError as error:
        print(f"{options.up}: {error}", file=sys.stderr)
        return 2
    _replace(options.output, bandwidth.table(down, up))
    ways = "" if options.up else "; both ways have the same rates, for want of --up"
    print(f"{options.output}: {down.period:.9g} s, repeated{ways}", file=sys.stderr)
    return 0


def _replace(file: Path, text: str) -> None:
    temporary = file.with_name(f".{file.name}.part")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        os.replace(temporary, file)
    finally:
        temporary.unlink(missing_ok=True)


def _read(file: Path) -> list[Recording]:
    data = file.read_bytes()
    return flash.read(data) if data.lstrip()[:1] in (b"{", b"[") else fedscale.read(data)


def _write(recordings: list[Recording], end: float, file: Path) -> None:
    temporary = file.with_name(f".{file.name}.part")
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as output:
            output.write("device,start_s,end_s\n")
            for recording in recordings:
                if "," in recording.device or "\n" in recording.device:
                    raise TraceError(f"device {recording.device!r}: its name contains a comma or a newline; rename it")
                # An empty session keeps the place of a device that is never online.
                for begin, finish in recording.until(end) or [(0.0, 0.0)]:
                    output.write(f"{recording.device},{begin:.9g},{finish:.9g}\n")
        os.replace(temporary, file)
    finally:
        temporary.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
