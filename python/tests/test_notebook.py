"""Executes the whole notebook."""

import base64
import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).resolve().parents[1] / "notebooks/figures.ipynb"


def test_the_notebook_is_committed_without_outputs() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code and all(not cell.outputs and cell.execution_count is None for cell in code)


def test_the_notebook_draws_its_figures(program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FLORA_NOTEBOOK_FIGURES names a folder in which to keep the figures, FLORA_NOTEBOOK_ROUNDS the number of rounds."""
    monkeypatch.setenv("FLORA_PROGRAM", str(program))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    (parameters,) = (cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ()))
    parameters.source = f"rounds = {os.environ.get('FLORA_NOTEBOOK_ROUNDS', '2')}\nout = {str(tmp_path / 'out')!r}"
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    figures = [base64.b64decode(output.data["image/png"]) for output in outputs if "image/png" in output.get("data", {})]
    assert len(figures) == 4 and all(figure.startswith(b"\x89PNG") for figure in figures)
    if folder := os.environ.get("FLORA_NOTEBOOK_FIGURES"):
        for number, figure in enumerate(figures, 1):
            (Path(folder) / f"figure-{number}.png").write_bytes(figure)
