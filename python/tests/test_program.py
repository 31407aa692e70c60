"""Calls to the real program."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import flora_results as flora


def tables(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.glob("*.csv")}


def test_a_dictionary_gives_the_same_tables_as_the_command_line(
    program: Path, finished: Path, tiny: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "tiny.yaml"
    file.write_text(json.dumps(tiny, indent=2))
    subprocess.run([program, "run", file, "--out", tmp_path / "out", "--quiet"], check=True)
    assert tables(tmp_path / "out") == tables(finished)
    assert len(tables(finished)) == 6


def test_overrides_seeds_workers_and_progress_reach_the_program(
    program: Path, tiny: dict[str, Any], tmp_path: Path
) -> None:
    events: list[dict[str, Any]] = []
    run = flora.run(
        tiny,
        out=tmp_path / "out",
        set={"server.rounds": 1, "data.prompt": "a drawing: {}, \"größer\".", "methods.NA.rank": 4},
        seed=11,
        workers=1,
        program=program,
        progress=events.append,
    )
    manifest = run.manifest
    assert manifest.seed == 11 and manifest.workers == 1
    assert manifest.scenario["data"]["prompt"] == 'a drawing: {}, "größer".'
    assert run.summary["trainable_parameters"][0] == 4096
    rounds = [event for event in events if event["event"] == "round"]
    assert [event["round"] for event in rounds] == [0, 1, 0, 1]
    assert rounds[1]["accuracy"] == run.rounds["test_accuracy"][1]


def test_finished_results_are_loaded_or_replaced_but_never_silently(
    program: Path, tiny: dict[str, Any], tmp_path: Path
) -> None:
    tiny["training"] = "none"
    first = flora.run(tiny, out=tmp_path / "out", program=program)
    with pytest.raises(flora.InputError, match="--force"):
        flora.run(tiny, out=tmp_path / "out", program=program)
    again = flora.run(tiny, out=tmp_path / "out", program=program, resume=True)
    assert again.manifest.started_at == first.manifest.started_at
    forced = flora.run(tiny, out=tmp_path / "out", seed=12, program=program, force=True)
    assert forced.manifest.seed == 12


def test_paths_and_numbers_of_numpy_are_values(program: Path, tiny: dict[str, Any], tmp_path: Path) -> None:
    import numpy

    tiny["data"]["path"] = Path("/usr/share/datasets/fashion-mnist")
    tiny["server"]["rounds"] = numpy.int64(1)
    tiny["training"]["batch_size"] = numpy.array(16)
    assert flora.run(tiny, out=tmp_path / "out", program=program).tasks["batch_size"].eq(16).all()


def test_without_a_folder_results_are_where_the_program_puts_them(
    program: Path, tiny: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tiny["training"] = "none"
    run = flora.run(tiny, program=program)
    assert run.folder == Path("results/tiny")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["results"], "the temporary scenario was not removed"


def test_relative_paths_in_a_dictionary_start_at_the_current_directory(
    program: Path, tiny: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").symlink_to("/usr/share/datasets/fashion-mnist")
    monkeypatch.chdir(tmp_path)
    tiny["data"]["path"] = "data"
    tiny["server"]["rounds"] = 1
    run = flora.run(tiny, out="out", program=program)
    assert Path(run.manifest.data_files[0].path).parent == tmp_path / "data"


def test_an_invalid_scenario_raises_the_programs_message_and_writes_nothing(
    program: Path, tiny: dict[str, Any], tmp_path: Path
) -> None:
    tiny["fleet"]["devices"] = 0
    tiny["server"]["cohrot"] = 3
    with pytest.raises(flora.InputError) as caught:
        flora.run(tiny, out=tmp_path / "out", program=program)
    assert caught.value.exit_code == 2
    lines = str(caught.value).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("fleet.devices: ") and lines[1].startswith("server.cohrot: ")
    assert not (tmp_path / "out").exists()


def test_an_error_in_a_file_names_its_line(program: Path, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text("name: wrong\nsede: 3\n")
    with pytest.raises(flora.InputError, match=r"wrong\.yaml:2:1: sede"):
        flora.run(file, out=tmp_path / "out", program=program)


def test_invalid_values_are_rejected(tiny: dict[str, Any]) -> None:
    for value in (float("nan"), object()):
        tiny["seed"] = value
        with pytest.raises(flora.InputError, match="cannot be written"):
            flora.run(tiny, program="true")


def test_warnings_of_the_program_become_python_warnings(program: Path, tiny: dict[str, Any], tmp_path: Path) -> None:
    for kind in tiny["fleet"]["classes"]:
        kind["memory"] = "60 MB"
    with pytest.warns(flora.FloraWarning, match="fedfft: .*insufficient memory"):
        flora.run(tiny, out=tmp_path / "out", program=program)


def test_a_failing_or_missing_program_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(flora.FloraError, match="nowhere/flora cannot be run: No such file"):
        flora.run("x.yaml", program="nowhere/flora")
    failing = tmp_path / "flora"
    failing.write_text("#!/bin/sh\necho 'flora: the disk is full' >&2\nexit 1\n")
    failing.chmod(0o755)
    with pytest.raises(flora.RunFailed, match="^flora: the disk is full$") as caught:
        flora.run("x.yaml", program=failing)
    assert caught.value.exit_code == 1
    failing.write_text("#!/bin/sh\nkill -SEGV $$\n")
    with pytest.raises(flora.RunFailed, match="SIGSEGV") as caught:
        flora.run("x.yaml", program=failing)
    assert caught.value.exit_code == -signal.SIGSEGV


def test_the_program_is_found_by_variable_package_or_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLORA_PROGRAM", raising=False)
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    monkeypatch.setenv("PATH", str(tmp_path / "onpath"))
    with pytest.raises(flora.FloraError, match="was not found"):
        flora.find_program()
    for folder in ("onpath", "flora_sim/bin"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "flora").write_text("#!/bin/sh\n")
        (tmp_path / folder / "flora").chmod(0o755)
    (tmp_path / "flora_sim/__init__.py").touch()
    assert flora.find_program() == tmp_path / "flora_sim/bin/flora"
    (tmp_path / "flora_sim").rename(tmp_path / "other")
    sys.path_importer_cache.clear()
    assert flora.find_program() == tmp_path / "onpath/flora"
    monkeypatch.setenv("FLORA_PROGRAM", "/some/flora")
    assert flora.find_program() == Path("/some/flora")


def test_ctrl_c_stops_the_run_at_a_checkpoint_and_it_can_be_resumed(
    program: Path, finished: Path, tiny: dict[str, Any], tmp_path: Path
) -> None:
    def interrupt(event: dict[str, Any]) -> None:
        if event["event"] == "round" and event["method"] == "NA" and event["round"] == 0:
            os.kill(os.getpid(), signal.SIGINT)

    tiny["server"]["rounds"] = 4
    long = flora.run(tiny, out=tmp_path / "whole", program=program)
    with pytest.raises(flora.Interrupted) as caught:
        flora.run(tiny, out=tmp_path / "out", program=program, progress=interrupt)
    assert caught.value.exit_code == 130 and caught.value.folder == tmp_path / "out"
    assert "--resume" in str(caught.value)
    assert (tmp_path / "out/checkpoint.flora").exists()
    assert not flora.load(tmp_path / "out").is_finished
    resumed = flora.run(tiny, out=tmp_path / "out", program=program, resume=True)
    assert resumed.manifest.resumptions == 1
    assert tables(resumed.folder) == tables(long.folder)
    # The finished part can be loaded.
    assert flora.run(tiny, out=tmp_path / "out", program=program, resume=True).is_finished


def test_an_exception_in_the_caller_terminates_the_program(program: Path, tiny: dict[str, Any], tmp_path: Path) -> None:
    def fail(event: dict[str, Any]) -> None:
        if event["event"] == "round":
            raise ZeroDivisionError

    tiny["server"]["rounds"] = 10_000
    with pytest.raises(ZeroDivisionError):
        flora.run(tiny, out=tmp_path / "out", program=program, progress=fail)
    assert not flora.load(tmp_path / "out").is_finished
    # The folder is unlocked again.
    tiny["server"]["rounds"] = 1
    assert flora.run(tiny, out=tmp_path / "out", program=program).is_finished
