"""Evidence is read once, turned the way of its edge, and joined to its posts."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.report.made_groups import Plan
from tests.report.made_run import make_run

from assay.engine.write import write_json, write_table
from assay.errors import InputError
from assay.model.dataset import RunFolder
from assay.model.tables import PAIR_EVIDENCE
from assay.report.evidence import LONGEST_TEXT, object_rows, read_evidence
from assay.report.gather import gather


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return make_run(tmp_path, Plan(groups=(5, 4), objects_per_group=12))


def rows_on_disk(run: RunFolder) -> list[dict[str, object]]:
    paths = sorted(run.evidence.glob("*/pairs.parquet"))
    return [row for path in paths for row in pq.read_table(path).to_pylist()]


def test_every_pair_of_every_finding_is_read(run: RunFolder) -> None:
    evidence = read_evidence(gather(run))
    on_disk = rows_on_disk(run)
    assert len(evidence.pairs) == len(on_disk)
    assert int(evidence.pairs.co_timed.sum()) == sum(bool(row["co_timed"]) for row in on_disk)
    assert (evidence.pairs.edge >= 0).all()


def test_each_row_shows_the_posts_of_its_own_accounts(run: RunFolder) -> None:
    gathered = gather(run)
    pairs = read_evidence(gathered).pairs
    for row in range(len(pairs)):
        edge = int(pairs.edge[row])
        a = gathered.accounts.ids[int(gathered.edges.a[edge])]
        b = gathered.accounts.ids[int(gathered.edges.b[edge])]
        assert pairs.post_a[row].as_py().startswith(f"{a}:")
        assert pairs.post_b[row].as_py().startswith(f"{b}:")
        assert int(pairs.post_a[row].as_py().rsplit(":", 1)[1]) == pairs.at_a_us[row] // 1_000_000


def test_rows_written_in_the_other_order_are_turned(run: RunFolder) -> None:
    before = read_evidence(gather(run)).pairs
    for path in run.evidence.glob("*/pairs.parquet"):
        table = pq.read_table(path)
        swapped = {
            name: table[name[:-1] + ("b" if name.endswith("_a") else "a")]
            if name.endswith(("_a", "_b"))
            else table[name]
            for name in table.column_names
        }
        write_table(path, pa.table(swapped), PAIR_EVIDENCE)
    after = read_evidence(gather(run)).pairs
    assert np.array_equal(before.at_a_us, after.at_a_us)
    assert before.post_a.equals(after.post_a)


def test_a_pair_in_two_findings_counts_once(run: RunFolder) -> None:
    before = len(read_evidence(gather(run)).pairs)
    found = json.loads(run.findings.read_text(encoding="utf-8"))
    copy = dict(found["findings"][0])
    folder = run.evidence / "again"
    folder.mkdir()
    first = run.folder / copy["evidence"][1]["path"]
    (folder / "pairs.parquet").write_bytes(first.read_bytes())
    copy["evidence"] = [dict(copy["evidence"][1], path="evidence/again/pairs.parquet")]
    found["findings"].append(copy)
    write_json(run.findings, found)
    assert len(read_evidence(gather(run)).pairs) == before


def test_objects_count_accounts_and_pairs(run: RunFolder) -> None:
    rows, total = object_rows(read_evidence(gather(run)), 1000)
    on_disk = rows_on_disk(run)
    assert total == len({(row["kind"], row["object_id"]) for row in on_disk})
    for row in rows:
        mine = [r for r in on_disk if r["object_id"] == row["object_id"]]
        near = [r for r in mine if r["co_timed"]]
        assert row["co_timed"] == len(near)
        assert row["apart"] == len(mine) - len(near)
        assert row["accounts"] == len({r[k] for r in near for k in ("account_a", "account_b")})


def test_long_posts_are_cut_and_say_so(run: RunFolder) -> None:
    for path in run.evidence.glob("*/posts.parquet"):
        table = pq.read_table(path)
        place = table.schema.get_field_index("text")
        long = pa.array(["ж" * (LONGEST_TEXT + 5)] * len(table))
        pq.write_table(table.set_column(place, table.schema.field(place), long), path)
    texts = read_evidence(gather(run)).posts["text"].to_pylist()
    assert set(texts) == {"ж" * LONGEST_TEXT + "…"}


def test_a_missing_evidence_file_is_an_error_with_its_name(run: RunFolder) -> None:
    path = next(run.evidence.glob("*/pairs.parquet"))
    path.unlink()
    with pytest.raises(InputError) as caught:
        read_evidence(gather(run))
    assert str(path.name) in str(caught.value.file)
    assert caught.value.fix


def test_a_finding_may_not_point_outside_the_run(run: RunFolder) -> None:
    found = json.loads(run.findings.read_text(encoding="utf-8"))
    found["findings"][0]["evidence"][0]["path"] = "../../elsewhere/posts.parquet"
    write_json(run.findings, found)
    with pytest.raises(InputError, match="outside the run"):
        read_evidence(gather(run))
