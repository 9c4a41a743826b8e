from __future__ import annotations

import json
from pathlib import Path

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from assay.cli import compat as compat_module
from assay.cli.compat import compat
from assay.cli.main import main
from assay.compat.cnt import KEY_FIELDS

SHARES = """object_id,account_id,content_id,timestamp_share
x,a,1,0
x,b,2,30
y,a,3,100
y,b,4,100
x,c,5,60
"""


@pytest.fixture
def shares(tmp_path: Path) -> Path:
    path = tmp_path / "shares.csv"
    path.write_text(SHARES, encoding="utf-8")
    return path


def exit_code(*arguments: str) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["compat", *arguments])
    return int(caught.value.code or 0)


def test_coortweet_as_csv_and_as_parquet(shares: Path, tmp_path: Path) -> None:
    for suffix in (".csv", ".parquet"):
        out = tmp_path / f"edges{suffix}"
        assert exit_code("coortweet", str(shares), "--window", "60s", "-o", str(out)) == 0
        edges = pa_csv.read_csv(out) if suffix == ".csv" else pq.read_table(out)
        assert edges.select([0, 1, 2]).to_pylist() == [{"from": "a", "to": "b", "weight": 2}]
        assert edges["object_ids"].to_pylist() == ["x,y"]
        assert edges["avg_time_delta"].to_pylist() == [15.0]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "edges.csv",
        "edges.parquet",
        "shares.csv",
    ]


def test_coortweet_summary_and_threshold(
    shares: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "edges.parquet"
    options = ["--min-participation", "1", "--edge-weight", "0.5", "--json", "-o", str(out)]
    assert exit_code("coortweet", str(shares), *options) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["edges_before_threshold"] == 3
    assert summary["threshold"] == 1.0
    assert summary["edges"] == len(pq.read_table(out)) == 1
    assert (summary["share_pairs"], summary["window_s"]) == (4, 60.0)


@pytest.mark.parametrize(("window", "edges"), [("0s", 1), ("0", 1), ("0.0s", 1), ("1m", 3)])
def test_window_may_be_zero(shares: Path, tmp_path: Path, window: str, edges: int) -> None:
    out = tmp_path / "edges.parquet"
    options = ["--window", window, "--min-participation", "1", "-o", str(out)]
    assert exit_code("coortweet", str(shares), *options) == 0
    assert len(pq.read_table(out)) == edges


def test_cnt_keeps_loops_and_directions(shares: Path, tmp_path: Path) -> None:
    out = tmp_path / "edges.parquet"
    options = ["--network", "co_retweet", "--min-edge-weight", "2", "-o", str(out)]
    assert exit_code("cnt", str(shares), *options) == 0
    found = [tuple(row.values()) for row in pq.read_table(out).to_pylist()]
    assert found == [("a", "a", 2), ("a", "b", 2), ("b", "a", 2), ("b", "b", 2)]


def test_bad_input_names_place_and_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "shares.csv", tmp_path / "edges.parquet"
    path.write_text(SHARES + "x,d,6,noon\n", encoding="utf-8")
    assert exit_code("coortweet", str(path), "-o", str(out)) == 3
    message = capsys.readouterr().err
    assert "row 6" in message
    assert "timestamp_share" in message
    assert "what to do" in message
    assert not out.exists()


def test_bad_usage(shares: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "edges.parquet")
    assert exit_code("coortweet", str(shares), "-o", str(tmp_path / "edges.xlsx")) == 2
    assert exit_code("coortweet", str(shares), "--window", "-5s", "-o", out) == 2
    for window in ("soon", ".", "0smh", ""):
        assert exit_code("coortweet", str(shares), "--window", window, "-o", out) == 2
    assert exit_code("cnt", str(shares), "--network", "co_dance", "-o", out) == 2
    assert exit_code("coortweet", str(tmp_path / "absent.csv"), "-o", out) == 3


def test_help_lists_every_network() -> None:
    assert set(compat_module.NETWORKS) == set(KEY_FIELDS)
    assert CliRunner().invoke(compat, ["cnt", "--help"]).exit_code == 0


def test_figures_are_written_unrounded(tmp_path: Path) -> None:
    path = tmp_path / "shares.csv"
    rows = [("x", "a", "1", 0), ("x", "b", "2", 80000), ("y", "a", "3", 0), ("y", "b", "4", 80000)]
    rows += [("z", "a", "5", 0), ("z", "b", "6", 80001)]
    lines = [",".join(map(str, row)) for row in rows]
    path.write_text("\n".join([SHARES.splitlines()[0], *lines]), encoding="utf-8")
    for suffix in (".csv", ".parquet"):
        out = tmp_path / f"edges{suffix}"
        assert exit_code("coortweet", str(path), "--window", "1d", "-q", "-o", str(out)) == 0
        edges = pa_csv.read_csv(out) if suffix == ".csv" else pq.read_table(out)
        assert edges["avg_time_delta"].to_pylist() == [240001 / 3]


def test_the_output_s_folder_is_made_or_refused_before_any_work(
    shares: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "folder" / "edges.csv"
    assert exit_code("coortweet", str(shares), "-o", str(out)) == 0
    assert out.is_file()

    assert exit_code("coortweet", str(shares), "-o", str(shares / "edges.csv")) == 2
    assert "cannot be made" in capsys.readouterr().err
