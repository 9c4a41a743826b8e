"""``assay detect coaction``: the stage alone, on a share table, a file of posts or a dataset."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.errors import EXIT_DONE, EXIT_USAGE, UsageError
from assay.importers.opened import open_dataset
from assay.importers.report import ImportOptions
from assay.model.dataset import RunFolder
from assay.model.progress import Silent
from assay.model.tables import EDGE_TESTS, EDGES
from tests.e2e.commands import assay, result_hashes

BEGIN_S = 1_600_000_000


@pytest.fixture(scope="module")
def shares(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two accounts together on ten objects, five that come at their own time."""
    rows = [
        (f"o{obj}", account, BEGIN_S + obj * 86_400 + late)
        for obj in range(10)
        for account, late in [("a", 0), ("b", 20), *((f"c{n}", 900 * (n + 1)) for n in range(5))]
    ]
    objects, accounts, times = zip(*rows, strict=True)
    path = tmp_path_factory.mktemp("shares") / "shares.parquet"
    table = pa.table(
        {
            "object_id": objects,
            "account_id": accounts,
            "content_id": [str(n) for n in range(len(rows))],
            "timestamp_share": times,
        }
    )
    pq.write_table(table, path)
    return path


def test_a_share_table_gives_the_files_of_the_contract(shares: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    options = ("--window", "60s", "--min-shared", "2", "--fdr", "0.05", "--memory", "1GB")
    done = assay("detect", "coaction", shares, *options, "-o", out, "--json")
    assert done.returncode == EXIT_DONE, done.stderr
    edges, tests = pq.read_table(RunFolder(out).edges), pq.read_table(RunFolder(out).edge_tests)
    assert edges.schema == EDGES
    assert tests.schema == EDGE_TESTS
    (row,) = edges.to_pylist()
    assert (row["account_a"], row["account_b"]) == ("unknown:a", "unknown:b")
    assert (row["shared_objects"], row["median_gap_s"], row["kept"]) == (10, 20.0, True)
    assert tests["delta_s"].to_pylist() == [600.0, 1800.0]
    assert json.loads(done.stdout)["results"]["kept"] == 1


def test_a_cap_is_printed(shares: Path, tmp_path: Path) -> None:
    done = assay(
        "detect", "coaction", shares, "--max-sharers", 3, "-o", tmp_path / "out", "--no-report"
    )
    assert done.returncode == EXIT_DONE
    assert "--max-sharers 3" in done.stdout
    assert "10 objects of kind object with 70 shares were left out" in done.stdout


def test_the_prediction_is_told_before_the_run(shares: Path, tmp_path: Path) -> None:
    done = assay("detect", "coaction", shares, "-o", tmp_path / "out", "--no-report")
    assert "object, 60 s: 10 share pairs ahead" in done.stderr


def test_posts_and_their_dataset_say_the_same(tmp_path: Path) -> None:
    lines = ["account_id,created_at,text"]
    for day in range(6):
        for second, account in enumerate(("ann", "Bob", "çem")):
            lines.append(
                f"{account},2020-09-{day + 1:02}T10:00:{10 * second:02}Z,"
                f"read https://news.example/story/{day} #tag{day}"
            )
    (tmp_path / "posts.csv").write_text("\n".join(lines), encoding="utf-8")
    options = ("--kinds", "link,hashtag", "--no-report", "--quiet")
    one = assay("detect", "coaction", "posts.csv", *options, "-o", "one", cwd=tmp_path)
    assert one.returncode == EXIT_DONE, one.stderr
    two = assay("detect", "coaction", "one/dataset", *options, "-o", "two", cwd=tmp_path)
    assert two.returncode == EXIT_DONE, two.stderr
    assert result_hashes(tmp_path / "one") == result_hashes(tmp_path / "two")
    edges = pq.read_table(RunFolder(tmp_path / "one").edges)
    assert edges["kind"].to_pylist() == ["hashtag"] * 3 + ["link"] * 3


def test_a_window_estimated_from_the_data_is_said(tmp_path: Path) -> None:
    rows = [
        f"o{obj},a{account},{obj}-{account},{BEGIN_S + obj * 50_000 + account * 7}"
        for obj in range(60)
        for account in range(4)
    ]
    header = "object_id,account_id,content_id,timestamp_share\n"
    (tmp_path / "shares.csv").write_text(header + "\n".join(rows), encoding="utf-8")
    options = ("--window", "auto", "--no-report")
    done = assay("detect", "coaction", "shares.csv", *options, "-o", "out", cwd=tmp_path)
    assert done.returncode == EXIT_DONE, done.stderr
    assert "estimated on half of the objects" in done.stdout
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert record["window_auto"]["window_s"] == 14.0
    assert len(record["window_auto"]["curve"]) == 19


def test_an_unknown_detector_is_bad_usage(tmp_path: Path) -> None:
    done = assay("detect", "guilt", "shares.csv", "-o", tmp_path / "out")
    assert done.returncode == EXIT_USAGE
    assert "guilt" in done.stderr


@pytest.mark.parametrize(
    ("window", "words"),
    [
        ("60s,auto", "--window auto stands alone"),
        ("soon", "'soon' is no duration"),
        ("0s", "is no duration"),
        (",", "names no window"),
    ],
)
def test_a_window_that_makes_no_sense_is_refused_before_anything_is_read(
    tmp_path: Path, window: str, words: str
) -> None:
    (tmp_path / "in.csv").write_text("object_id,account_id,timestamp_share\no,a,1600000000\n")
    done = assay("detect", "coaction", "in.csv", "--window", window, "-o", "out", cwd=tmp_path)
    assert done.returncode == EXIT_USAGE
    assert words in done.stderr
    assert "what to do" in done.stderr
    assert not (tmp_path / "out").exists()


def test_results_never_lie_among_the_files_that_are_read(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("object_id,account_id,timestamp_share\no,a,1600000000\n")
    with pytest.raises(UsageError, match="would lie among the files"):
        open_dataset([tmp_path], RunFolder(tmp_path), ImportOptions(), Silent())
    assert not RunFolder(tmp_path).dataset.folder.exists()
