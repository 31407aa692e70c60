"""Tables: types, units and unusual values, using the repository's committed tables and a new run."""

import math
from pathlib import Path

import pandas as pd
import pytest

import flora_results as flora
from flora_results.columns import TABLES, UNITS, markdown

from .conftest import REPOSITORY

GOLDEN = REPOSITORY / "Tests/Fixtures/golden/tables"
GOLDEN_TABLES = sorted(
    file for file in GOLDEN.rglob("*.csv") if file.name != "sessions.csv"
)


def check_columns(file: Path) -> pd.DataFrame:
    """Reads a table and asserts that each of its columns has a unit, a meaning and the declared type."""
    frame = flora.read_table(file)
    header = file.read_text().split("\n", 1)[0].split(",")
    assert list(frame.columns) == header
    for name in header:
        assert frame.attrs["units"].get(name) in UNITS, f"{file.name}: {name} has no unit; add it to columns.py"
        assert frame.attrs["meanings"].get(name), f"{file.name}: {name} has no meaning; add it to columns.py"
    declared = {column.name: column.dtype for column in known(file, frame)}
    for name, dtype in declared.items():
        if name in frame:
            assert frame[name].dtype == ("object" if dtype == "str" and pd.__version__ < "3" else dtype), name
    return frame


def known(file: Path, frame: pd.DataFrame) -> tuple[flora.columns.Column, ...]:
    table = "seed_summary" if "seeds" in frame else file.stem
    return TABLES[table]


def test_every_column_of_the_committed_tables_has_a_type_and_a_unit() -> None:
    for file in GOLDEN_TABLES:
        check_columns(file)
    assert {file.name for file in GOLDEN_TABLES} == {
        "rounds.csv", "tasks.csv", "summary.csv", "participants.csv", "missing_data.csv", "fleet.csv", "sweep.csv",
        "clients.csv", "edges.csv",
    }


def test_every_column_of_a_new_run_has_a_type_and_a_unit(finished: Path) -> None:
    files = sorted(finished.glob("*.csv"))
    assert {file.stem for file in files} == {
        "rounds", "tasks", "summary", "participants", "missing_data", "fleet",
    }, "a table that columns.py does not declare"
    for file in files:
        columns = [column.name for column in TABLES[file.stem]]
        assert list(check_columns(file).columns) == columns, "columns.py has columns that no run has, or in a different order"


def test_every_column_of_a_pretraining_is_declared() -> None:
    source = (REPOSITORY / "Sources/Pretraining/Training/PretrainingLog.swift").read_text()
    header = source.split('"step,')[1].split("\\n")[0]
    assert ["step", *header.split(",")] == [column.name for column in TABLES["training"]]


def test_the_documentation_lists_these_columns() -> None:
    page = (REPOSITORY / "docs/tables.md").read_text()
    assert page == markdown(), "run: python3 -m flora_results > docs/tables.md"


def test_names_that_look_like_missing_values_are_kept(finished: Path) -> None:
    run = flora.load(finished)
    assert run.methods == ["NA", "fedfft"]
    assert run.summary["method"].notna().all()


def test_categories_keep_the_runs_order_and_outcomes_the_programs(finished: Path) -> None:
    tasks = flora.load(finished).tasks
    assert list(tasks["device_class"].cat.categories)[:1] == [tasks["device_class"].iloc[0]]
    assert list(tasks["outcome"].cat.categories) == list(flora.columns.OUTCOMES)


def test_empty_and_nan_fields_are_missing_values(copied: Path) -> None:
    file = copied / "rounds.csv"
    lines = file.read_text().splitlines()
    header = lines[0].split(",")
    fields = lines[1].split(",")
    fields[header.index("test_loss")] = "NaN"
    fields[header.index("test_accuracy")] = ""
    file.write_text("\n".join([lines[0], ",".join(fields), *lines[2:]]) + "\n")
    rounds = flora.load(copied).rounds
    assert math.isnan(rounds["test_loss"][0]) and math.isnan(rounds["test_accuracy"][0])
    tasks = flora.load(copied).tasks
    assert tasks["steps"].dtype == "Int64"
    assert tasks.loc[tasks["outcome"] != "completed", "steps"].isna().all()
    assert (tasks.loc[tasks["outcome"] == "completed", "steps"] > 0).all()


def test_integers_above_two_to_the_53_are_exact(copied: Path) -> None:
    file = copied / "summary.csv"
    header, first, *rest = file.read_text().splitlines()
    fields = first.split(",")
    fields[header.split(",").index("device_flops")] = str(2**53 + 1)
    file.write_text("\n".join([header, ",".join(fields), *rest]) + "\n")
    assert flora.load(copied).summary["device_flops"][0] == 2**53 + 1


def test_a_table_with_only_a_header_has_its_types(copied: Path) -> None:
    file = copied / "tasks.csv"
    file.write_text(file.read_text().split("\n", 1)[0] + "\n")
    tasks = flora.load(copied).tasks
    assert tasks.empty and tasks["steps"].dtype == "Int64" and tasks["flops"].dtype == "int64"


def test_columns_of_a_later_release_are_read(copied: Path) -> None:
    file = copied / "fleet.csv"
    header, *rows = file.read_text().splitlines()
    rows = [f"{row},{index},{index}.5,red" for index, row in enumerate(rows)]
    file.write_text("\n".join([header + ",slots,weight,colour", *rows]) + "\n")
    fleet = flora.load(copied).fleet
    assert [str(fleet[name].dtype) for name in ("slots", "weight", "colour")] == ["int64", "float64", "category"]
    assert "slots" not in fleet.attrs["units"]


def test_rows_of_tasks_add_up_to_the_summary(finished: Path) -> None:
    run = flora.load(finished)
    spent = run.tasks.groupby("method", observed=True)[["bytes_down", "bytes_up", "flops"]].sum()
    summary = run.summary.set_index("method")
    assert (spent["bytes_down"] == summary["bytes_down"]).all()
    assert (spent["bytes_up"] == summary["bytes_up"]).all()
    assert (spent["flops"] == summary["device_flops"]).all()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("method,seed\nflora,seven\n", "column seed: invalid literal"),
        ('method,seed\nflora,"7\n', "rounds.csv"),
        ("", "rounds.csv"),
    ],
)
def test_a_damaged_table_is_rejected_by_name(copied: Path, text: str, words: str) -> None:
    (copied / "rounds.csv").write_text(text)
    with pytest.raises(flora.ResultsError, match=words):
        flora.load(copied).rounds
