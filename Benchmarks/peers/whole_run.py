"""Times `flora run` on the paper's setting, with nothing kept from earlier runs and then once more.

    python whole_run.py FLORA SCENARIO BENCHMARK IMPLEMENTATION [--repeats N]
    python whole_run.py FLORA SCENARIO --list

The CSV rows are those of `measure.py`; the time is that of the whole run.
"""

import argparse
import os
import subprocess
import tempfile
import time
from pathlib import Path

BENCHMARK = "run/paper-setting"
CACHE_VARIABLE = "FLORA_CACHE"
"""What names the folder in which flora keeps the features of frozen towers between runs."""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("flora", type=Path)
    parser.add_argument("scenario", type=Path)
    parser.add_argument("benchmark", nargs="?")
    parser.add_argument("implementation", nargs="?", choices=["flora-cold", "flora-warm"])
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    if options.list:
        for implementation in ("flora-cold", "flora-warm"):
            print(BENCHMARK, implementation)
        return

    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        if options.implementation == "flora-warm":
            run(options, folder / "cache", folder / "out-0")
        for repeat in range(options.repeats):
            is_warm = options.implementation == "flora-warm"
            cache = folder / ("cache" if is_warm else f"cache-{repeat}")
            milliseconds = run(options, cache, folder / f"out-{repeat + 1}")
            row = f"{os.cpu_count()},1,{milliseconds:.1f},,"
            print(f"{BENCHMARK},{options.implementation},{row}", flush=True)


def run(options: argparse.Namespace, cache: Path, out: Path) -> float:
    """Milliseconds of one run."""
    command = [options.flora, "run", options.scenario, "--out", out, "--quiet"]
    environment = os.environ | {CACHE_VARIABLE: str(cache)}
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return 1e3 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
