"""Measures complete calls of `flora run`, first with an empty cache and then with a warm one.

    python whole_run.py FLORA BENCHMARK IMPLEMENTATION [--repeats N] [--workers N]
    python whole_run.py FLORA --list

The CSV rows have the format of `measure.py`; the time is that of the whole run.
"""

import argparse
import os
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COLD, WARM = "flora-cold", "flora-warm"
RUNS = {
    "run/paper-setting": (ROOT / "scenarios/paper-setting.yaml", [COLD, WARM]),
    "run/quickstart": (ROOT / "scenarios/quickstart.yaml", [COLD, WARM]),
    # Has nothing to cache.
    "run/full-ten-clients": (ROOT / "Benchmarks/scenarios/full-ten-clients.yaml", [COLD]),
    "run/ten-iid-clients": (ROOT / "Benchmarks/scenarios/ten-iid-clients.yaml", [COLD, WARM]),
    "run/jpegs": (ROOT / "Benchmarks/scenarios/jpegs.yaml", [COLD]),
}
CACHE_VARIABLE = "FLORA_CACHE"
"""The variable for the folder in which flora caches the features of frozen towers between runs."""
PICTURES, PICTURE_CLASSES, PICTURE_SIZE = 5000, 10, (500, 375)
"""About the number and size of the images in an ImageNet class."""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("flora", type=Path)
    parser.add_argument("benchmark", nargs="?", choices=RUNS)
    parser.add_argument("implementation", nargs="?", choices=[COLD, WARM])
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    if options.list:
        for benchmark, (_, implementations) in RUNS.items():
            for implementation in implementations:
                print(benchmark, implementation)
        return

    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        if options.benchmark == "run/jpegs":
            draw_pictures(folder / "pictures")
        is_warm = options.implementation == WARM
        if is_warm:
            run(options, folder, "cache", "out-0")
        for repeat in range(options.repeats):
            cache = "cache" if is_warm else f"cache-{repeat}"
            milliseconds = run(options, folder, cache, f"out-{repeat + 1}")
            row = f"{options.workers},1,{milliseconds:.1f},,"
            print(f"{options.benchmark},{options.implementation},{row}", flush=True)


def run(options: argparse.Namespace, folder: Path, cache: str, out: str) -> float:
    """The milliseconds of one run."""
    scenario, _ = RUNS[options.benchmark]
    command = [options.flora, "run", scenario, "--out", folder / out, "--quiet"]
    command += ["--workers", str(options.workers)]
    if options.benchmark == "run/jpegs":
        command += ["--set", f"data.path={folder / 'pictures'}"]
    environment = os.environ | {CACHE_VARIABLE: str(folder / cache)}
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return 1e3 * (time.perf_counter() - start)


def draw_pictures(folder: Path):
    """Smooth colours with some noise, whose files are about as large as photographs of that size."""
    import numpy
    from PIL import Image

    generator = numpy.random.default_rng(0)
    width, height = PICTURE_SIZE
    for number in range(PICTURES):
        name = folder / f"class-{number % PICTURE_CLASSES}" / f"{number:05}.jpg"
        name.parent.mkdir(parents=True, exist_ok=True)
        coarse = generator.integers(0, 256, (6, 8, 3), dtype=numpy.uint8)
        pixels = numpy.asarray(Image.fromarray(coarse).resize((width, height), Image.BICUBIC))
        noise = generator.normal(0, 12, pixels.shape)
        noisy = numpy.clip(pixels + noise, 0, 255).astype(numpy.uint8)
        Image.fromarray(noisy).save(name, quality=85)


if __name__ == "__main__":
    main()
