"""Runs the program."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .errors import FloraError, FloraWarning, InputError, Interrupted, ResultsError, RunFailed
from .results import Run, Sweep

Scenario = Mapping[str, Any] | str | os.PathLike[str]
Progress = Callable[[dict[str, Any]], None]


def run(
    scenario: Scenario,
    *,
    out: str | os.PathLike[str] | None = None,
    set: Mapping[str, Any] | None = None,
    seed: int | None = None,
    workers: int | None = None,
    resume: bool = False,
    force: bool = False,
    program: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    arguments: Sequence[str] = (),
) -> Run:
    """Runs a scenario and loads its results.

    The same scenario and seed give the same tables as `flora run`. Warnings of the program become `FloraWarning`s.

    Args:
        scenario: A scenario file, or the scenario as a dictionary: the keys of a scenario file, with quantities as
            strings such as `"15 Mbps"`. Relative paths in a dictionary start at the current directory.
        out: The folder for the results; by default results/NAME.
        set: Keys to override, such as `{"server.rounds": 3, "methods.flora.rank": 4}`.
        seed: Overrides the seed.
        workers: The number of threads; results do not depend on it.
        resume: Continue from the checkpoint of an interrupted run. If the run is finished, load its results.
        force: Replace finished results in the folder. Without it, or `resume`, they raise an `InputError`.
        program: The `flora` to call; by default the one that `find_program` finds.
        progress: Called with each line of `flora run --json-progress` as a dictionary, such as
            `{"event": "round", "method": "flora", "round": 3, "total": 15, "accuracy": 0.72, ...}`.
        arguments: Further arguments of `flora run`.

    Raises:
        InputError: The scenario or an argument is wrong; the text says what to change.
        RunFailed: The program failed for another reason.
        Interrupted: Ctrl-C stopped the run. A first Ctrl-C lets it write its checkpoint, a second one does not wait.
        ResultsError: The scenario is a sweep. It was run; load it with `load_sweep`.
        FloraError: The program was not found.
    """
    return Run(_call(scenario, out, set, seed, workers, resume, force, program, progress, arguments))


def run_sweep(
    scenario: Scenario,
    *,
    out: str | os.PathLike[str] | None = None,
    set: Mapping[str, Any] | None = None,
    workers: int | None = None,
    resume: bool = False,
    force: bool = False,
    program: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    arguments: Sequence[str] = (),
) -> Sweep:
    """Runs all combinations of a scenario's `sweep` and loads their results.

    Combinations that an earlier call has finished are not run again. The arguments and errors are those of `run`.

    Raises:
        ResultsError: The scenario has no `sweep`. It was run; load it with `load`.
    """
    return Sweep(_call(scenario, out, set, None, workers, resume, force, program, progress, arguments))


def find_program() -> Path:
    """The `flora` that `run` calls.

    In order of preference: the environment variable FLORA_PROGRAM, the installed package `flora_sim`, and `flora` on the
    PATH.

    Raises:
        FloraError: No program was found.
    """
    if named := os.environ.get("FLORA_PROGRAM"):
        return Path(named)
    if spec := importlib.util.find_spec("flora_sim"):
        for folder in spec.submodule_search_locations or ():
            if (program := Path(folder) / "bin" / "flora").exists():
                return program
    if found := shutil.which("flora"):
        return Path(found)
    raise FloraError(
        "flora was not found: install the wheel flora_sim, put flora on the PATH, set FLORA_PROGRAM, or pass program="
    )


def _call(
    scenario: Scenario,
    out: str | os.PathLike[str] | None,
    overrides: Mapping[str, Any] | None,
    seed: int | None,
    workers: int | None,
    resume: bool,
    force: bool,
    program: str | os.PathLike[str] | None,
    progress: Progress | None,
    arguments: Sequence[str],
) -> Path:
    """Runs the scenario and returns the folder of its results."""
    options: list[str] = ["--json-progress"]
    if out is not None:
        options += ["--out", os.fspath(out)]
    for key, value in (overrides or {}).items():
        options += ["--set", f"{key}={_json(value)}"]
    if seed is not None:
        options += ["--seed", str(seed)]
    if workers is not None:
        options += ["--workers", str(workers)]
    if resume:
        options += ["--resume"]
    if force:
        options += ["--force"]
    folder = None if out is None else Path(out)
    with _file(scenario) as (file, is_temporary):
        command = [os.fspath(program or find_program()), "run", file, *options, *arguments]
        code, output, errors = _execute(command, progress)
        if is_temporary:
            # The line and column in the temporary file are meaningless to the caller; the key is not.
            errors = re.sub(rf"^{re.escape(file)}(:\d+)*: ", "", errors, flags=re.MULTILINE)
    match code:
        case 0:
            pass
        case 2:
            raise InputError(errors, code)
        case 130 | 143:
            raise Interrupted(errors, code, folder)
        case _ if code < 0:
            raise RunFailed(f"flora was terminated by {signal.Signals(-code).name}\n{errors}".strip(), code)
        case _:
            raise RunFailed(errors, code)
    if folder is not None:
        return folder
    if named := re.search(r"^(?:The tables are in|The run in) (.+?)(?: is finished; .*|\.)$", output, re.MULTILINE):
        return Path(named[1])
    raise ResultsError(f"flora did not print the location of its tables; pass out=\n{output}".strip())


def _execute(command: Sequence[str], progress: Progress | None) -> tuple[int, str, str]:
    """Runs a command.

    Returns:
        The exit code, standard output, and the lines of standard error that are not progress events.
    """
    try:
        # A separate session, so that Ctrl-C in a terminal reaches the program only once: from here.
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        raise FloraError(f"{command[0]} cannot be run: {error.strerror}") from error
    assert process.stdout and process.stderr
    standard_output, standard_error = process.stdout, process.stderr
    output: list[str] = []
    reader = threading.Thread(target=lambda: output.append(standard_output.read()), daemon=True)
    reader.start()
    errors: list[str] = []
    try:
        while True:
            try:
                for line in standard_error:
                    _take(line, errors, progress)
                break
            except KeyboardInterrupt:
                process.send_signal(signal.SIGINT)
        code = process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
        reader.join()
        standard_output.close()
        standard_error.close()
    return code, "".join(output), "\n".join(errors).strip()


def _take(line: str, errors: list[str], progress: Progress | None) -> None:
    """Handles a line of standard error: a progress event or text."""
    event: Any = None
    if line.startswith("{"):
        with contextlib.suppress(ValueError):
            event = json.loads(line)
    if not isinstance(event, dict) or "event" not in event:
        errors.append(line.rstrip("\n"))
        return
    if event["event"] == "warning":
        warnings.warn(str(event.get("message")), FloraWarning, stacklevel=5)
    if progress:
        progress(event)


@contextlib.contextmanager
def _file(scenario: Scenario) -> Iterator[tuple[str, bool]]:
    """The scenario as a file, and whether it is a temporary one."""
    if not isinstance(scenario, Mapping):
        yield os.fspath(scenario), False
        return
    # JSON is valid YAML. The file is in the current directory, so that relative paths in it are resolved there.
    folder = os.getcwd() if os.access(".", os.W_OK) else None
    handle, name = tempfile.mkstemp(prefix=".flora-scenario-", suffix=".json", dir=folder)
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(_json(scenario))
        yield name, True
    finally:
        os.unlink(name)


def _json(value: Any) -> str:
    """A value as JSON, including NumPy numbers and paths.

    Raises:
        InputError: A value is not valid in a scenario.
    """

    def other(value: Any) -> Any:
        if isinstance(value, os.PathLike):
            return os.fspath(value)
        if isinstance(value, Mapping):
            return dict(value)
        if callable(convert := getattr(value, "tolist", None)):
            return convert()
        raise TypeError(f"{value!r} is not valid in a scenario")

    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, default=other)
    except (TypeError, ValueError) as error:
        raise InputError(f"the scenario cannot be written: {error}", 2) from error
