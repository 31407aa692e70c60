"""Run FLORA scenarios from Python and load their tables into pandas.

    import flora_results as flora

    run = flora.run({"name": "tiny", ...}, out="results/tiny")   # or a path to a YAML file
    run = flora.load("results/tiny")                             # or load what is there
    run.rounds.plot(x="cumulative_bytes", y="test_accuracy")
    run.rounds.attrs["units"]["virtual_time_s"]                  # "s"

Every table is a DataFrame with the types and units of `flora_results.columns`.
"""

from .errors import FloraError, FloraWarning, InputError, Interrupted, ResultsError, RunFailed
from .manifest import File, ImageFeatures, Manifest
from .program import find_program, run, run_sweep
from .results import Run, Sweep, load, load_sweep
from .tables import read_table

__all__ = [
    "File",
    "FloraError",
    "FloraWarning",
    "ImageFeatures",
    "InputError",
    "Interrupted",
    "Manifest",
    "ResultsError",
    "Run",
    "RunFailed",
    "Sweep",
    "find_program",
    "load",
    "load_sweep",
    "read_table",
    "run",
    "run_sweep",
]
