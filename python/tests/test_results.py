"""Loading folders of runs and sweeps."""

import datetime
import json
from pathlib import Path

import pandas as pd
import pytest

import flora_results as flora

from .conftest import REPOSITORY, scenario

PAPER = REPOSITORY / "results/paper/splits"


def test_a_manifest_contains_all_its_entries(finished: Path) -> None:
    manifest = flora.load(finished).manifest
    assert (manifest.name, manifest.seed) == ("tiny", 3)
    assert manifest.started_at.tzinfo is not None
    assert datetime.timedelta(0) < datetime.datetime.now(datetime.timezone.utc) - manifest.started_at
    assert [len(file.sha256) for file in manifest.data_files] == [64] * 4
    assert manifest.image_features is not None and manifest.image_features.samples == 400
    assert manifest.runtime == "pytorch" and manifest.resumptions == 0
    assert manifest.other == {}, "entries of the manifest that are missing in the dataclass"


def test_entries_of_a_later_manifest_are_kept(copied: Path) -> None:
    file = copied / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "commit": "abc"}))
    assert flora.load(copied).manifest.other == {"commit": "abc"}


def test_an_interrupted_run_has_the_tables_so_far(copied: Path) -> None:
    for name in ("manifest.json", "summary.csv", "participants.csv", "missing_data.csv"):
        (copied / name).unlink()
    run = flora.load(copied)
    assert not run.is_finished and len(run.rounds) == 6 and len(run.fleet) == 6
    for name in ("manifest", "summary", "participants", "missing_data"):
        with pytest.raises(flora.ResultsError, match="has not finished"):
            getattr(run, name)


def test_folders_without_results_are_rejected(tmp_path: Path, copied: Path) -> None:
    with pytest.raises(flora.ResultsError, match="no rounds.csv"):
        flora.load(tmp_path)
    with pytest.raises(flora.ResultsError, match="no sweep.csv"):
        flora.load_sweep(copied)
    with pytest.raises(flora.ResultsError, match="use load_sweep"):
        flora.load(PAPER)


def test_a_sweep_of_an_earlier_release_keeps_its_columns() -> None:
    sweep = flora.load_sweep(PAPER)
    assert sweep.table["sweep:seed"].dtype == "int64"
    units = sweep.summary.attrs["units"]
    assert units["bytes_down_ci95"] == "B" and units["final_accuracy_mean"] == "1"
    assert sweep.summary["final_accuracy_mean"].between(0, 1).all()


def test_a_sweep_is_a_mapping_of_runs_with_tables_over_all(program: Path, tmp_path: Path) -> None:
    swept = {**scenario(), "sweep": {"server.rounds": [1, 2], "seed": [1, 2]}}
    swept["methods"] = swept["methods"][:1]
    with pytest.raises(flora.ResultsError, match="use load_sweep"):
        flora.run(swept, out=tmp_path / "sweep", program=program)
    sweep = flora.run_sweep(swept, out=tmp_path / "sweep", program=program)
    assert list(sweep) == ["1", "2", "3", "4"] and sweep.keys_swept == ["server.rounds", "seed"]
    assert sweep["3"].manifest.seed == 1
    assert sweep.summary["seeds"].tolist() == [2, 2]
    rounds = sweep.rounds
    assert len(rounds) == 2 + 2 + 3 + 3
    assert list(rounds.columns[:5]) == ["run", "sweep:server.rounds", "sweep:seed", "method", "seed"]
    assert (rounds["sweep:seed"] == rounds["seed"]).all()
    assert isinstance(rounds["method"].dtype, pd.CategoricalDtype)
    assert rounds.attrs["units"]["virtual_time_s"] == "s"
    pd.testing.assert_series_equal(
        rounds.loc[rounds["run"] == "4", "test_loss"], sweep["4"].rounds["test_loss"], check_index=False
    )
    assert len(sweep.tasks) == sum(len(run.tasks) for run in sweep.values())
    with pytest.raises(KeyError):
        sweep["5"]


def test_trackers_receive_finite_numbers_by_round_and_settings_by_key(copied: Path) -> None:
    file = copied / "rounds.csv"
    header, start, *rest = file.read_text().splitlines()
    fields = start.split(",")
    fields[header.split(",").index("test_loss")] = "NaN"
    file.write_text("\n".join([header, ",".join(fields), *rest]) + "\n")
    run = flora.load(copied)
    metrics = dict(run.metrics("NA"))
    assert list(metrics) == [0, 1, 2]
    assert "test_loss" not in metrics[0] and "train_loss" not in metrics[0] and "epsilon" not in metrics[2]
    assert metrics[2]["cumulative_bytes"] == run.rounds["cumulative_bytes"][2]
    parameters = run.parameters("fedfft")
    assert parameters["method.name"] == "fedfft" and parameters["server.cohort"] == 3
    assert parameters["data.train_samples"] == 300 and parameters["method.training.optimizer.learning_rate"] == 3e-4
    assert all(isinstance(value, str | int | float) for value in parameters.values())
    with pytest.raises(KeyError):
        run.parameters("other")
