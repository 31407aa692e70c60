"""The command: ``python3 -m trace_tools [--days N] INPUT OUTPUT``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from . import fedscale, flash
from .recording import DAY, Recording, TraceError


def main(arguments: list[str] | None = None) -> int:
    """Runs the command and returns its exit status: 2 for errors that the caller can fix."""
    parser = argparse.ArgumentParser(
        prog="scripts/convert-trace",
        description="Converts availability traces to CSV (device,start_s,end_s): FedScale's pickle of active and "
        "inactive seconds, FLASH's session logs or its timers (JSON).",
    )
    parser.add_argument("input", metavar="INPUT", type=Path)
    parser.add_argument("output", metavar="OUTPUT", type=Path)
    parser.add_argument(
        "--days", type=float, help="number of days to write; shorter recordings repeat (default: the longest recording)"
    )
    options = parser.parse_args(arguments)
    try:
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
        f"{options.output}: {len(recordings)} devices; to repeat the recording, add "
        f'"period: {days * DAY:.9g} s" next to its path',
        file=sys.stderr,
    )
    return 0


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
