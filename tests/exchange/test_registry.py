"""The registry of export formats, its documentation and the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from assay.cli.export import export
from assay.errors import InputError, UsageError
from assay.exchange.registry import EXPORTERS, RECORD_EXPORTERS, find_exporter
from tests.exchange.made_run import make_run

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "exports.md"


def test_names_are_unique_and_documented() -> None:
    names = [exporter.name for exporter in (*EXPORTERS, *RECORD_EXPORTERS)]
    assert len(set(names)) == len(names)
    page = DOCS.read_text("utf-8")
    assert [name for name in names if f"`{name}`" not in page] == []


def test_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(UsageError) as raised:
        find_exporter("dot")
    assert raised.value.fix == (
        "use graphml, gexf, csv, case, wacz, disinfodex, claimreview, mediareview"
    )


@pytest.mark.parametrize("name", [exporter.name for exporter in EXPORTERS])
def test_command_writes_each_format(name: str, tmp_path: Path) -> None:
    make_run(tmp_path / "run", {"a": "ann", "b": "bob"})
    out = tmp_path / "result"
    answer = CliRunner().invoke(
        export, [str(tmp_path / "run"), "--format", name, "-o", str(out), "--json"]
    )
    assert answer.exit_code == 0, answer.output
    files = [Path(path) for path in json.loads(answer.stdout)["files"]]
    assert files
    assert all(path.stat().st_size > 0 for path in files)


def test_command_without_out_writes_beside_the_tables(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", {"a": "ann", "b": "bob"})
    answer = CliRunner().invoke(export, [str(run.folder), "--format", "gexf"])
    assert answer.stdout.strip() == str(run.folder / "network.gexf")
    assert (run.folder / "network.gexf").is_file()


def test_command_refuses_a_folder_for_a_file_and_the_reverse(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", {"a": "ann", "b": "bob"})
    into_folder = CliRunner().invoke(
        export, [str(run.folder), "--format", "gexf", "-o", str(tmp_path)]
    )
    assert isinstance(into_folder.exception, UsageError)
    (tmp_path / "file").write_text("")
    into_file = CliRunner().invoke(
        export, [str(run.folder), "--format", "csv", "-o", str(tmp_path / "file")]
    )
    assert isinstance(into_file.exception, UsageError)


def test_command_names_a_missing_run(tmp_path: Path) -> None:
    answer = CliRunner().invoke(export, [str(tmp_path / "none"), "--format", "csv"])
    assert isinstance(answer.exception, InputError)
