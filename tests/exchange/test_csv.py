"""CSV exports come back as they were, and no cell runs as a formula."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.errors import InputError
from assay.exchange.csv import Csv, spreadsheet_column
from assay.model.dataset import RunFolder
from tests.exchange.made_run import make_run

DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_table_of_the_run_becomes_one_file(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", {"a": None, "b": None, "c": None})
    files = Csv().write(run, tmp_path / "out")
    assert [path.name for path in files] == [
        "network.csv",
        "network_accounts.csv",
        "communities.csv",
    ]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        path.name for path in files
    )
    edge = rows_of(files[0])[1]
    assert edge == {
        "account_a": "a",
        "account_b": "c",
        "weight": "3",
        "kinds": "hashtag|link",
        "windows_s": "10|60.5",
        "q_value": "1.25e-9",
        "first_at": "2024-03-04T12:00:00.250000Z",
        "last_at": "2024-03-06T12:00:00.250000Z",
    }
    assert [row["q_value"] for row in rows_of(files[1])] == ["", "0.001", "0.001"]


def test_numbers_survive_exactly(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", {"a": None, "b": None})
    files = Csv().write(run, tmp_path / "out")
    for path in files:
        source = pq.read_table(run.folder / f"{path.stem}.parquet")
        again = pyarrow.csv.read_csv(path)
        for name in source.column_names:
            if pa.types.is_integer(source[name].type) or pa.types.is_floating(source[name].type):
                assert again[name].cast(source[name].type).equals(source[name]), name


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "-2", "+3", "\t=1", "\r=1", "\n=1", "＝1"])
def test_formulas_are_made_harmless(cell: str) -> None:
    assert spreadsheet_column(pa.array([cell])).to_pylist() == ["'" + cell]


@given(st.lists(st.none() | st.text() | st.sampled_from(DANGEROUS).map(lambda char: char + "cmd")))
def test_no_cell_starts_a_formula_and_the_original_can_be_restored(cells: list[str | None]) -> None:
    written = spreadsheet_column(pa.array(cells, pa.string())).to_pylist()
    assert not [cell for cell in written if cell and cell.startswith(DANGEROUS)]
    assert [None if cell is None else cell.removeprefix("'") for cell in written] == cells


@settings(max_examples=40)  # each writes all tables of a run
@given(
    st.lists(
        st.text(
            alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1
        ),
        min_size=2,
        max_size=4,
        unique=True,
    )
)
def test_hostile_ids_come_back_from_the_file(ids: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = make_run(Path(folder) / "run", dict.fromkeys(ids))
        files = Csv().write(run, Path(folder) / "out")
        read = [row["account_id"].removeprefix("'") for row in rows_of(files[1])]
    assert read == sorted(ids)


def test_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no result tables"):
        Csv().write(RunFolder(tmp_path), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_damaged_table_is_named(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", {"a": None, "b": None})
    run.network.write_bytes(b"no parquet")
    with pytest.raises(InputError, match="no Parquet table") as raised:
        Csv().write(run, tmp_path / "out")
    assert raised.value.file == str(run.network)
