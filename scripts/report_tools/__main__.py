"""The command: ``python3 -m report_tools [--screenshots DIR] RESULTS...``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .browser import Browser, BrowserError
from .page import page_faults, picture
from .trace import trace_faults


def main(arguments: list[str] | None = None) -> int:
    """Runs the command and returns its exit status: 1 if anything is wrong."""
    parser = argparse.ArgumentParser(
        prog="scripts/check-report",
        description="Opens the report.html of results folders in headless Chromium, at widths of 360, 800 and 1280 "
        "pixels, in light and dark mode, and lists the errors; also checks each trace.json next to it.",
    )
    parser.add_argument("results", metavar="RESULTS", type=Path, nargs="+")
    parser.add_argument("--screenshots", metavar="DIR", type=Path, help="save screenshots of the pages in this folder")
    parser.add_argument("--picture", metavar="FILE", type=Path, help="save a screenshot of the top of the first report to this file")
    options = parser.parse_args(arguments)
    faults: list[str] = []
    try:
        with Browser() as browser:
            for folder in options.results:
                faults += page_faults(browser, folder / "report.html", options.screenshots)
            if options.picture:
                options.picture.write_bytes(picture(browser, options.results[0] / "report.html"))
    except (BrowserError, OSError) as error:
        faults.append(f"the browser: {error}")
    traces = [file for folder in options.results for file in sorted(folder.rglob("trace.json"))]
    faults += [fault for file in traces for fault in trace_faults(file)]
    for fault in faults:
        print(fault, file=sys.stderr)
    if not faults:
        print(f"{len(options.results)} reports and {len(traces)} traces are correct.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
