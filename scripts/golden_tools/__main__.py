"""The command line of scripts/golden."""

import argparse
import concurrent.futures
import json
import os
import pathlib
import shutil
import sys
import tempfile
import time

from . import cases, comparison, runs

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "Tests/Fixtures/golden"
KERNELS = "kernels.json"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/golden", description="Compares the tables of many short runs with the committed ones."
    )
    parser.add_argument("command", choices=["check", "renew"], help="compare with the committed tables, or write them")
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / ".build/release/flora", help="the flora to run")
    parser.add_argument("--tables", type=pathlib.Path, default=FIXTURES / "tables", help="the folder of the tables")
    parser.add_argument("--cases", metavar="GLOB", action="append", default=[], help="select cases by name; repeatable")
    parser.add_argument("--workers", type=int, default=1, help="threads of each run")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="concurrent runs")
    options = parser.parse_args()
    every = cases.read_file(FIXTURES / "cases.txt")
    chosen = cases.chosen(every, options.cases)
    if not chosen:
        parser.error(f"no case matches {' or '.join(options.cases)}")
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="flora-golden-cache-") as cache:
        program = runs.Program(options.program.resolve(), ROOT, pathlib.Path(cache), options.workers)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            results = pool.map(lambda case: _result(program, case), chosen)
            act = _check if options.command == "check" else _renew
            faults = [case.name for case, result in zip(chosen, results) if not act(options.tables, case, result)]
    if options.command == "renew" and not options.cases:
        _remove_others(options.tables, {case.name for case in every})
    print(f"{len(chosen)} cases in {time.monotonic() - begun:.0f} s, {len(faults)} of them differ or fail", flush=True)
    return 1 if faults else 0


def _result(program: runs.Program, case: cases.Case):
    try:
        return program.run(case)
    except (runs.RunError, OSError) as error:
        return error


def _check(folder: pathlib.Path, case: cases.Case, result) -> bool:
    """Prints how a case's tables differ from the committed ones; returns whether they are equal."""
    if isinstance(result, Exception):
        lines = [str(result)]
    else:
        made, kernels = result
        lines = comparison.differences(runs.tables(folder / case.name), made)
        committed = _committed_kernels(folder)
        if lines and committed != kernels:
            lines.append(f"made with the kernels {_words(kernels)}, those committed with {_words(committed)}")
    print(f"{case.name}: {'equal' if not lines else 'DIFFERENT'}", flush=True)
    for line in lines:
        print(f"  {line}", flush=True)
    return not lines


def _renew(folder: pathlib.Path, case: cases.Case, result) -> bool:
    """Writes a case's tables; returns whether it produced any."""
    if isinstance(result, Exception):
        print(f"{case.name}: FAILED\n  {result}", flush=True)
        return False
    made, kernels = result
    committed = _committed_kernels(folder)
    if committed and committed != kernels:
        print(f"{case.name}: made with the kernels {_words(kernels)}, others with {_words(committed)}", flush=True)
    changed = comparison.differences(runs.tables(folder / case.name), made)
    shutil.rmtree(folder / case.name, ignore_errors=True)
    for name, table in made.items():
        file = folder / case.name / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(table)
    (folder / KERNELS).write_text(json.dumps(kernels, indent=2) + "\n", encoding="utf-8")
    print(f"{case.name}: {'written' if changed else 'unchanged'}", flush=True)
    return True


def _committed_kernels(folder: pathlib.Path) -> dict[str, object]:
    file = folder / KERNELS
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def _words(kernels: dict[str, object]) -> str:
    if not kernels:
        return "unknown"
    return f"{kernels['matrix_product_kernels']}, {'' if kernels['packed_products'] else 'not '}packed"


def _remove_others(folder: pathlib.Path, names: set[str]) -> None:
    """Removes the tables of cases that are no longer in the list."""
    for case in folder.iterdir():
        if case.is_dir() and case.name not in names:
            shutil.rmtree(case)
            print(f"{case.name}: removed", flush=True)


sys.exit(main())
