"""Share tables whose rows say their own kind, and rows that name no object."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import InputError
from assay.importers.object_rows import split_objectless, under_their_kinds
from assay.model.tables import SHARE_KINDS

from .conftest import Imported

Run = Callable[..., Imported]
KINDS = "object_id,account_id,content_id,timestamp_share,kind\n"


def test_each_row_has_the_kind_that_it_says(run_import: Run) -> None:
    rows = [f"o{place},a,c{place},160000000{place},{k}\n" for place, k in enumerate(SHARE_KINDS)]
    result = run_import(KINDS + "".join(rows), platform="net")
    found = {share["kind"]: share["object_id"] for share in result.shares}
    assert set(found) == set(SHARE_KINDS)
    assert found["hashtag"] == "o3"
    assert found["repost"] == "net:o5"  # a post's id carries its platform
    assert result.summary.files[0].mapping["kind"] == "kind"


def test_links_are_canonical_and_case_does_not_matter(run_import: Run) -> None:
    row = "http://Example.org/a?utm_source=x,a,c1,1600000000, Link \n"
    assert run_import(KINDS + row).objects("link") == ["https://example.org/a"]


def test_an_unknown_kind_is_a_reject_and_an_empty_one_an_object(run_import: Run) -> None:
    rows = "o,a,c1,1600000000,link\no,a,c2,1600000001,smell\no,a,c3,1600000002,\n"
    result = run_import(KINDS + rows)
    assert (result.objects("link"), result.objects("object")) == (["o"], ["o"])
    (reject,) = result.rejects
    assert (reject["row"], reject["column"]) == (2, "kind")
    assert reject["reason"].startswith("'smell' is no kind of share; the kinds are object, link")
    assert "object_0=o" in reject["raw"]


def test_a_column_of_other_kinds_is_left_alone_unless_told(run_import: Run) -> None:
    text = KINDS + "o,a,c1,1600000000,tweet\n"
    result = run_import(text)
    assert result.objects("object") == ["o"]
    assert "'kind' names no known kind of share" in result.summary.files[0].notes[0]
    assert len(run_import(text, mapping=(("kind", "kind"),)).rejects) == 1


def test_one_column_of_kinds_does_not_fit_many_columns_of_objects(run_import: Run) -> None:
    text = "account_id,url_id,hashtag_id,timestamp,sort\na,1,2,1600000000,link\n"
    with pytest.raises(InputError, match="has no one column of kinds"):
        run_import(text, mapping=(("kind", "sort"),))


def test_rows_without_an_object_are_kept_with_their_accounts(run_import: Run) -> None:
    text = (
        "account_id,user_name,post_id,url_id,hashtag_id,timestamp\n"
        "a,Ann,1,7,,1600000000\n"
        "b,Bob,2,,  ,1600000001\n"
        "b,Bob,3,,,1600000009\n"
        ",,4,,,1600000002\n"
        "c,Cy,5,,,never\n"
    )
    result = run_import(text)
    assert (result.summary.kept, result.summary.rejected, len(result.shares)) == (3, 2, 1)
    assert result.summary.without_shares == 2
    bob = result.accounts[1]
    assert (bob["account_id"], bob["handle"]) == ("unknown:b", "Bob")
    assert bob["first_seen_at"] == datetime(2020, 9, 13, 12, 26, 41, tzinfo=UTC)
    assert bob["last_seen_at"] == datetime(2020, 9, 13, 12, 26, 49, tzinfo=UTC)
    # They are checked like any other row, and the raw row is the file's own.
    assert [reject["column"] for reject in result.rejects] == ["account_id", "timestamp"]
    assert not any("none" in (reject["raw"] or "") for reject in result.rejects)
    manifest = json.loads(result.dataset.manifest.read_text("utf-8"))
    assert (manifest["without_shares"], manifest["inputs"][0]["without_shares"]) == (2, 2)


def test_a_table_of_bare_shares_must_name_its_object(run_import: Run) -> None:
    result = run_import("object_id,account_id,timestamp\no,a,1600000000\n,b,1600000001\n")
    assert result.reasons() == ["the row names no object"]
    assert result.summary.without_shares == 0


_CELL = st.sampled_from(["", " ", "x", "7.0"])


@given(st.lists(st.tuples(_CELL, _CELL), min_size=1, max_size=8))
def test_splitting_loses_no_row(cells: list[tuple[str, str]]) -> None:
    import numpy as np
    import pyarrow as pa

    from assay.importers.base import FieldBatch

    columns = {f"object_{index}": [row[index] for row in cells] for index in range(2)}
    batch = FieldBatch(pa.table(columns), np.arange(1, len(cells) + 1), [])
    named, bare = split_objectless(batch, 2)
    bare_rows = [] if bare is None else bare.rows.tolist()
    assert sorted([*named.rows.tolist(), *bare_rows]) == batch.rows.tolist()
    for row, cell in enumerate(cells, start=1):
        assert (row in bare_rows) == (not any(value.strip() for value in cell))


@given(st.lists(st.sampled_from([*SHARE_KINDS, "", "Link ", "smell"]), min_size=1, max_size=12))
def test_each_row_goes_to_one_kind_or_to_the_rejects(kinds: list[str]) -> None:
    import numpy as np
    import pyarrow as pa

    from assay.importers.base import FieldBatch

    table = pa.table({"object_0": [f"o{n}" for n in range(len(kinds))], "kind": kinds})
    spread = under_their_kinds(FieldBatch(table, np.arange(1, len(kinds) + 1), []), "kind")
    rejected = {reject.row for reject in spread.rejects}
    assert rejected == {row for row, kind in enumerate(kinds, 1) if kind == "smell"}
    assert {*spread.rows.tolist()} | rejected == set(range(1, len(kinds) + 1))
    for place, row in enumerate(spread.rows.tolist()):
        wanted = kinds[row - 1].strip().lower() or "object"
        cells = [spread.fields[f"object_{n}"][place].as_py() for n in range(len(SHARE_KINDS))]
        named = {SHARE_KINDS[n]: cell for n, cell in enumerate(cells) if cell is not None}
        assert named == {wanted: f"o{row - 1}"}


def test_the_simulators_share_table(run_import: Run, tmp_path: Path) -> None:
    """Each kind that it writes arrives under its own name."""
    text = (
        "object_id,account_id,content_id,timestamp_share,kind,platform\n"
        '"https://news.example/1","a1","p1",1700000000,"link","simnet-a"\n'
        '"tag","a1","p1",1700000000,"hashtag","simnet-a"\n'
        '"p0","a2","p2",1700000009,"repost","simnet-b"\n'
    )
    result = run_import(text)
    assert {share["kind"]: share["object_id"] for share in result.shares} == {
        "link": "https://news.example/1",
        "hashtag": "tag",
        "repost": "simnet-b:p0",
    }
