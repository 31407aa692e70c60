"""The wall and CPU time of 2 ranks x 1 worker beside 1 process x 2 workers."""

import json
import pathlib
import resource
import shutil
import statistics
import time

from .program import Program, finish, overrides

SCENARIOS = {
    "paper setting": ("scenarios/paper-setting.yaml", []),
    "full fine-tuning": ("Benchmarks/scenarios/full-ten-clients.yaml", []),
}
# The variants: ranks and workers of each. Both are started by mpirun, so that they pay the same for the launch.
VARIANTS = [(1, 2), (2, 1)]
REPETITIONS = 15


def check(program: Program, quick: bool, kills: int | None, seed: int) -> int:
    """Prints the figures; they are not judged, because they depend on what else the machine does."""
    for name, (scenario, changes) in SCENARIOS.items():
        arguments = [scenario, "--quiet", *overrides(*changes)]
        samples = {variant: [] for variant in VARIANTS}
        # The first run computes the image features that all others find in the cache.
        for repetition in range(-1, 2 if quick else REPETITIONS):
            # In turn, so that both meet the same load by other programs.
            for variant in VARIANTS if repetition % 2 else reversed(VARIANTS):
                sample = _measure(program, arguments, *variant)
                if repetition >= 0:
                    samples[variant].append(sample)
        for index, what in enumerate(["wall", "CPU"]):
            one, two = ([sample[index] for sample in samples[variant]] for variant in VARIANTS)
            medians, minima = ([function(one), function(two)] for function in (statistics.median, min))
            program.say(
                f"{name}, {what} of {len(one)} runs each: median {medians[0]:.2f} s with 1 x 2, {medians[1]:.2f} s with 2 x 1 "
                f"(ratio {medians[1] / medians[0]:.3f}); minimum {minima[0]:.2f} and {minima[1]:.2f} s "
                f"(ratio {minima[1] / minima[0]:.3f})"
            )
        program.say(f"{name}: {samples[VARIANTS[1]][-1][2]}")
    return 0


def _measure(program: Program, arguments: list[object], ranks: int, workers: int) -> tuple[float, float, str]:
    """Seconds of wall and of CPU of all processes, and what the manifest says of the ranks."""
    folder = program.folder / "overhead"
    shutil.rmtree(folder, ignore_errors=True)
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    code, errors = finish(program.on_ranks(ranks, [*arguments, "--out", folder, "--workers", str(workers)]))
    wall, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if code:
        raise SystemExit(f"exit code {code}: {errors.strip()}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    manifest = json.loads((pathlib.Path(folder) / "manifest.json").read_text(encoding="utf-8"))
    return wall, cpu, json.dumps(manifest.get("ranks"))
