"""``assay scan`` from files to findings: what is planted is found, what is wrong is said."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from assay.errors import EXIT_DONE, EXIT_INPUT, EXIT_USAGE
from assay.model.dataset import RunFolder
from tests.e2e.commands import assay, planted_groups, result_hashes, simulate

ROWS = "object_id,account_id,content_id,timestamp_share\n"


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulate(tmp_path_factory.mktemp("campaign"))


@pytest.fixture(scope="module")
def scanned(campaign: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    out = tmp_path_factory.mktemp("scan") / "out"
    done = assay("scan", campaign / "posts.csv", "-o", out, "--json")
    assert done.returncode == EXIT_DONE, done.stderr
    return out, done.stdout


def test_the_planted_groups_are_found_and_nobody_else(
    scanned: tuple[Path, str], campaign: Path
) -> None:
    groups = planted_groups(campaign)
    findings = json.loads(RunFolder(scanned[0]).findings.read_text(encoding="utf-8"))["findings"]
    subjects = [set(finding["subjects"]) for finding in findings]
    assert sorted(subjects, key=sorted) == sorted(groups.values(), key=sorted)
    inside = {pair for members in groups.values() for pair in combinations(sorted(members), 2)}
    edges = pq.read_table(RunFolder(scanned[0]).edges).to_pylist()
    kept = {(row["account_a"], row["account_b"]) for row in edges if row["kept"]}
    # A false edge may slip through at the level asked for: one in twenty.
    assert len(kept - inside) <= 0.05 * len(kept)
    assert len(kept & inside) > 0.9 * len(inside)


def test_everything_of_the_contract_is_there(scanned: tuple[Path, str]) -> None:
    run = RunFolder(scanned[0])
    for path in (run.run, run.edges, run.edge_tests, run.network, run.network_accounts):
        assert path.is_file()
    for path in (run.communities, run.findings, run.report, run.dataset.shares):
        assert path.is_file()
    assert run.evidence.is_dir()
    left = {path.name for path in run.folder.iterdir()}
    assert not left & {".work", ".lock"}
    assert not list(run.folder.rglob("*.part"))


def test_json_is_one_document_that_agrees_with_the_tables(scanned: tuple[Path, str]) -> None:
    out, printed = scanned
    summary = json.loads(printed)
    record = json.loads(RunFolder(out).run.read_text(encoding="utf-8"))
    assert summary["out"] == str(out)
    assert summary["results"] == record["results"]
    assert summary["family"] == record["family"]
    assert summary["results"]["candidates"] == len(pq.read_table(RunFolder(out).edges))
    assert summary["results"]["findings"] == len(summary["findings"]) > 0


def test_the_same_command_again_says_the_same(scanned: tuple[Path, str], campaign: Path) -> None:
    before = result_hashes(scanned[0])
    again = assay("scan", campaign / "posts.csv", "-o", scanned[0], "--json")
    assert again.returncode == EXIT_DONE
    assert again.stdout == scanned[1]
    assert result_hashes(scanned[0]) == before


def test_a_dataset_may_be_scanned_and_other_parameters_replace_the_results(
    scanned: tuple[Path, str], tmp_path: Path
) -> None:
    dataset = RunFolder(scanned[0]).dataset.folder
    fresh, used = tmp_path / "fresh", tmp_path / "used"
    assert assay("scan", dataset, "-o", used, "--no-report", "--quiet").returncode == EXIT_DONE
    assert result_hashes(used) == result_hashes(scanned[0])
    other = ("--window", "10s,5m", "--kinds", "link,text", "--no-report", "--quiet")
    for out in (used, fresh):
        assert assay("scan", dataset, "-o", out, *other).returncode == EXIT_DONE
    assert result_hashes(used) == result_hashes(fresh) != result_hashes(scanned[0])
    windows = pq.read_table(RunFolder(used).edges)["window_s"].unique().to_pylist()
    assert sorted(windows) == [10.0, 300.0]


def test_nothing_found_is_done_and_said(tmp_path: Path) -> None:
    lines = [f"o{n % 7},a{n % 11},{n},{1_600_000_000 + n * 7_919}" for n in range(200)]
    (tmp_path / "shares.csv").write_text(ROWS + "\n".join(lines), encoding="utf-8")
    done = assay("scan", "shares.csv", "-o", "out", cwd=tmp_path)
    assert done.returncode == EXIT_DONE, done.stderr
    assert "No pair of accounts passed" in done.stdout
    assert "200 rows read = 200 kept + 0 rejected" in done.stderr
    assert (tmp_path / "out" / "report.html").is_file()


def test_a_broken_row_is_rejected_and_counted(tmp_path: Path) -> None:
    rows = "x,a,1,1600000000\nx,b,2,noon\nx,c,3,1600000100\n,d,4,1600000100\n"
    (tmp_path / "shares.csv").write_text(ROWS + rows, encoding="utf-8")
    done = assay("scan", "shares.csv", "-o", "out", "--no-report", cwd=tmp_path)
    assert done.returncode == EXIT_DONE
    assert "4 rows read = 2 kept + 2 rejected" in done.stderr
    run = RunFolder(tmp_path / "out")
    rejects = pq.read_table(run.dataset.rejects).to_pylist()
    assert [(row["row"], row["column"]) for row in rejects] == [
        (2, "timestamp_share"),
        (4, "object_id"),
    ]
    record = json.loads(run.run.read_text(encoding="utf-8"))
    assert (record["data"]["read"], record["data"]["kept"], record["data"]["rejected"]) == (4, 2, 2)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", "", ("empty.csv", "empty")),
        ("header.csv", ROWS, ("header.csv", "no rows")),
        (
            "column.csv",
            "object_id,timestamp_share\nx,1600000000\n",
            ("column.csv", "account_id", "--map"),
        ),
        (
            "zone.csv",
            "object_id,account_id,created_at\nx,a,2020-01-01 10:00:00\n",
            ("zone.csv", "row 1", "created_at", "--timezone"),
        ),
        ("absent.csv", None, ("absent.csv", "no such file")),
        ("words.csv", "hello\nworld\n", ("words.csv", "hello", "--map")),
    ],
)
def test_bad_input_names_the_place_and_the_remedy(
    tmp_path: Path, name: str, content: str | None, said: tuple[str, ...]
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    done = assay("scan", name, "-o", "out", cwd=tmp_path)
    assert done.returncode == EXIT_INPUT
    for words in (*said, "what to do:"):
        assert words in done.stderr
    assert not (tmp_path / "out" / "edges.parquet").exists()
    assert not (tmp_path / "out" / ".lock").exists()


@pytest.mark.parametrize(
    "options",
    [
        ("--window", "banana"),
        ("--window", ","),
        ("--window", "10s,auto"),
        ("--fdr", "2"),
        ("--kinds", "dance"),
        ("--delta", "1w"),
        ("--delta", "infw"),
        ("--delta", "soon"),
        ("--min-shared", "0"),
        ("--max-sharers", "1"),
        ("--memory", "0"),
        ("--engine", "abacus"),
        ("--dance",),
    ],
    ids=" ".join,
)
def test_bad_usage_is_told_before_anything_is_read(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    done = assay("scan", "absent.csv", "-o", "out", *options, cwd=tmp_path)
    assert done.returncode == EXIT_USAGE
    assert done.stderr.strip()
    assert not (tmp_path / "out").exists()


def test_a_window_below_the_clock_is_bad_usage(tmp_path: Path) -> None:
    (tmp_path / "shares.csv").write_text(
        ROWS + "x,a,1,1600000000\nx,b,2,1600000001\n", encoding="utf-8"
    )
    done = assay("scan", "shares.csv", "-o", "out", "--window", "500ms", cwd=tmp_path)
    assert done.returncode == EXIT_USAGE
    assert "--window 2s" in done.stderr
