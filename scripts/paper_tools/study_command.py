"""The command ``python3 -m paper_tools.study_command``, which ``scripts/paper study`` calls."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .methods import METHODS
from .runs import Runs
from .study import Only, Study

ROOT = Path(__file__).resolve().parents[2]
PARTS = ["devices", "splits", "two-classes", "bases", "few-shot", "novel", "personal"]


def main(arguments: list[str] | None = None) -> int:
    """Runs what the named parts lack, all by default."""
    parser = argparse.ArgumentParser(prog="scripts/paper study", description=main.__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--program", type=Path, default=ROOT / ".build/release/flora")
    parser.add_argument("--data", type=Path, default=ROOT / "data", help="where scripts/datasets has made its sets")
    parser.add_argument("--only", nargs="+", metavar="SET", help="these data sets alone")
    parser.add_argument("--methods", nargs="+", metavar="METHOD", help="these methods alone")
    parser.add_argument("--splits", nargs="+", metavar="SPLIT", help="of the part splits these alone")
    parser.add_argument("--results", type=Path, default=ROOT / "results/paper/study")
    parser.add_argument("--runs", type=Path, default=ROOT / "results/paper-runs")
    parser.add_argument("--workers", type=int)
    options = parser.parse_args(arguments)
    study = Study(
        options.results, Runs(options.program, options.runs, options.workers), options.data, ROOT / "recipes/nano.yaml"
    )
    for kind, given, known in [
        ("part", options.parts, PARTS),
        ("data set", options.only, [data.name for data in study.data]),
        ("method", options.methods, [method.name for method in METHODS]),
        ("split", options.splits, list(dict.fromkeys(split for data in study.data for split in data.splits))),
    ]:
        for name in given or []:
            if name not in known:
                print(f"{name} is no {kind} of the study; its names are {', '.join(known)}.", file=sys.stderr)
                return 2
    study.only = Only(options.only, options.methods, options.splits)
    for part in options.parts or PARTS:
        study.part(part)
    return 0


if __name__ == "__main__":
    sys.exit(main())
