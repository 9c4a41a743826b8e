"""When a finished dataset may be used again, and how large a single JSON object may be."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assay.errors import InputError
from assay.importers import container
from assay.importers.report import ImportOptions
from assay.importers.run import dataset_made_from, import_files
from assay.model.progress import Silent

from .conftest import Imported

Run = Callable[..., Imported]
POSTS = "id,user,created_at,text\n1,u,2021-05-01T10:00:00Z,a text of some length\n"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "posts.csv").write_text(POSTS)
    (folder / "labels.csv").write_text("account,label\nu,troll\n")
    (folder / "accounts.csv").write_text("username,publisher\nu,Daily\n")
    (folder / "README.txt").write_text("how it was collected")
    return folder


def test_a_folder_with_passed_over_files_is_known_again(export: Path, tmp_path: Path) -> None:
    out, options = tmp_path / "dataset", ImportOptions()
    assert not dataset_made_from([export], out, options)
    import_files([export], out, options, Silent())
    assert dataset_made_from([export], out, options)
    assert not dataset_made_from([export], out, replace(options, platform="net"))
    assert not dataset_made_from([export / "posts.csv"], out, options)


@pytest.mark.parametrize("name", ["posts.csv", "labels.csv", "accounts.csv"])
def test_another_content_is_noticed(export: Path, tmp_path: Path, name: str) -> None:
    out, options = tmp_path / "dataset", ImportOptions()
    import_files([export], out, options, Silent())
    with (export / name).open("a") as file:
        file.write("x,y,z,w\n")
    assert not dataset_made_from([export], out, options)


def test_files_that_come_and_go_are_noticed(export: Path, tmp_path: Path) -> None:
    out, options = tmp_path / "dataset", ImportOptions()
    import_files([export], out, options, Silent())
    (export / "README.txt").unlink()
    assert dataset_made_from([export], out, options)  # never was data
    (export / "more.csv").write_text(POSTS.replace("\n1,", "\n2,"))
    assert not dataset_made_from([export], out, options)
    (export / "more.csv").unlink()
    (export / "accounts.csv").unlink()
    assert not dataset_made_from([export], out, options)


def test_named_tables_of_accounts_count(export: Path, tmp_path: Path) -> None:
    out = tmp_path / "dataset"
    named = ImportOptions(accounts=(export / "accounts.csv",))
    import_files([export / "posts.csv"], out, named, Silent())
    assert dataset_made_from([export / "posts.csv"], out, named)
    assert not dataset_made_from([export / "posts.csv"], out, ImportOptions())


PAGE = {
    "data": [
        {
            "id": "1",
            "text": "some words",
            "author_id": "7",
            "created_at": "2021-05-01T10:00:00.000Z",
        }
    ],
    "meta": {"result_count": 1},
}


def test_one_json_object_is_read_whole_up_to_a_limit(
    run_import: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = json.dumps(PAGE, indent=2)
    assert len(run_import(text, name="in.json").posts) == 1
    monkeypatch.setattr(container, "MAX_WHOLE_BYTES", 100)
    with pytest.raises(InputError) as caught:
        run_import(text + " ", name="in.json")
    message = str(caught.value)
    assert "one JSON object of more than 100 B" in message
    assert "in.json" in message
    assert "one per line" in message


def test_a_key_with_a_dot_is_no_nesting(run_import: Run) -> None:
    flat = {"id": 1, "user.name": "Ann", "created_at": "2021-05-01T10:00:00Z", "text": "words"}
    nested = {"id": 2, "user": {"name": "Bob"}, "created_at": "2021-05-01T10:00:01Z", "text": "w"}
    both = flat | nested | {"id": 3}
    lines = "\n".join(json.dumps(one) for one in (flat, nested, both))
    result = run_import(lines, name="in.ndjson", mapping=(("account_id", "user.name"),))
    assert [post["account_id"] for post in result.posts] == [
        "unknown:Ann",
        "unknown:Bob",
        "unknown:Ann",
    ]
