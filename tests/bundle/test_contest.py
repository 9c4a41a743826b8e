"""The defence sheet: exact without each thing, both sides told, strangers' words kept as words."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from assay.bundle.answers import answers, q_in_words
from assay.bundle.contest import Contest, ContestOptions, contest
from assay.bundle.leave_out import kept_in
from assay.bundle.sheet import sheet_html
from assay.bundle.sheet_files import slug, write_sheet
from assay.bundle.unpacked import Unpacked, unpacked
from assay.detectors import coaction
from assay.detectors.coaction_parameters import Coaction
from assay.detectors.interval import CoordinationInterval
from assay.detectors.left_out import LeftOutRuns, LeftOutThing
from assay.errors import InputError
from assay.handover import coaction_of, contest_bundle, left_out_runs
from assay.model.dataset import Dataset, RunFolder
from assay.model.progress import Silent
from assay.workbench import RunOptions, detect_coaction
from tests.bundle.made_bundle import GROUP, SECRET, MadeRun


@pytest.fixture(scope="module")
def sheet(case: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The sheet of one account of the group, as files."""
    out = tmp_path_factory.mktemp("sheet")
    written = contest_bundle(
        case, ContestOptions(account=GROUP[0]), (out, True), RunOptions(), Silent()
    )
    return {"out": out, **written.as_dict()}


def test_everything_is_left_out_once(sheet: dict[str, Any]) -> None:
    (finding,) = sheet["findings"]
    without = finding["without"]
    assert [sum(one["what"] == what for one in without) for what in ("object", "post", "account")]\
        == [12, 12, 4]  # fmt: skip
    assert finding["recomputed"] == finding["stands"]
    assert finding["stands"]["partners"] == 4
    assert finding["not_tried"] == 0
    accounts = [one for one in without if one["what"] == "account"]
    # Without one of the others there is one pair fewer, at the least.
    assert all(one["partners"] <= 3 for one in accounts)


def test_edges_alone_are_the_edges_of_the_whole_run(made: MadeRun, tmp_path: Path) -> None:
    """The sheet leaves out what is tested beyond pairs; no row of the edges hangs on it."""
    record = json.loads(made.run.run.read_bytes())
    again = RunFolder(tmp_path)
    options = RunOptions(edges_only=True)
    told = detect_coaction(made.run.dataset, again, coaction_of(record), options, Silent())
    assert pq.read_table(again.edges).equals(pq.read_table(made.run.edges))
    assert pq.read_table(again.edge_tests).equals(pq.read_table(made.run.edge_tests))
    assert {**told["parameters"]} == vars(coaction_of(record))
    assert not again.held_out_accounts.exists()


THINGS = (
    LeftOutThing("object", "link", "https://a.example/s3"),
    LeftOutThing("post", "", "p7"),
    LeftOutThing("account", "", GROUP[1]),
    LeftOutThing("account", "", "made:o7"),
)


@pytest.mark.parametrize(
    "asked",
    [
        Coaction(windows_s=(30.0, 120.0), kinds=("link", "text")),
        Coaction(windows_s=(30.0,), kinds=("link",), max_sharers=12, shrinkage=9.0),
        Coaction(windows_s=(30.0,), kinds=("link",), auto_window=True),
    ],
)
def test_it_is_a_real_recomputation(
    made: MadeRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: Coaction
) -> None:
    """Leaving a thing out equals a detection, by DuckDB, on data that never had it."""
    table = pq.read_table(made.run.dataset.shares)
    names = dict(zip(table["post_id"].to_pylist(), table["account_id"].to_pylist(), strict=True))
    post = next(one for one, account in sorted(names.items()) if account == GROUP[1])
    things = [replace(one, id=post) if one.what == "post" else one for one in THINGS]
    if asked.auto_window:
        # What nobody else shared would deal the halves anew; the window stays the one estimated.
        things = things[1:]
        interval = CoordinationInterval(30.0, 99, ())
        monkeypatch.setattr(coaction, "estimate_interval", lambda *_: interval)
    with left_out_runs(made.run.dataset, asked, RunOptions(threads=1)) as runs:
        rows = runs.rows_of(things)
        assert all(rows)
        found = [runs.kept_without(one) for one in rows]
        whole = runs.kept_without({})
    assert whole.equals(detected(made, tmp_path / "whole", asked, None))
    for thing, kept in zip(things, found, strict=True):
        folder = tmp_path / thing.id.replace("/", "-").replace(":", "-")
        assert kept.equals(detected(made, folder, asked, thing)), thing
    assert len(whole) > len(found[-2]) > 0, "without a member of the group pairs are lost"


def detected(made: MadeRun, folder: Path, asked: Coaction, thing: LeftOutThing | None) -> pa.Table:
    """Kept rows of a whole detection on the shares without a thing."""
    other = Dataset(folder / "data")
    shutil.copytree(made.run.dataset.folder, other.folder)
    if thing is not None:
        table = pq.read_table(other.shares)
        column = {"object": "object_id", "post": "post_id", "account": "account_id"}[thing.what]
        pq.write_table(table.filter(pc.not_equal(table[column], thing.id)), other.shares)
    again = RunFolder(folder / "again")
    options = RunOptions(engine="duckdb", threads=1, edges_only=True)
    detect_coaction(other, again, asked, options, Silent())
    return kept_in(again.edges)


def test_the_sheet_says_both_sides(sheet: dict[str, Any]) -> None:
    page = (sheet["out"] / "sheet.html").read_text(encoding="utf-8")
    for part in (
        "What is not alleged",
        "Synchronous does not mean inauthentic.",
        "What was shared with the same accounts, but not in time",
        "What it hangs on",
        "Explanations, honest ones first",
        "What this account can say",
        "Neither is the probability that these accounts are innocent.",
        "2 different settings",
        "Statement of the person concerned",
        "sha256sum -c SHA256SUMS",
        "A. Tester",
    ):
        assert part in page, part
    assert "guilt" not in page.lower()
    assert "<script" not in page
    # Eight: two links with each of the four others, all at other moments.
    assert "8 meetings further apart than the window" in page


def test_the_table_of_evidence_has_every_meeting(sheet: dict[str, Any]) -> None:
    with (sheet["out"] / "evidence.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 14 * 4
    assert sum(row["co_timed"] == "true" for row in rows) == 12 * 4


def test_the_pdf_can_be_read(sheet: dict[str, Any]) -> None:
    if sheet["no_pdf"] is not None:
        pytest.skip(sheet["no_pdf"])
    pdfium = pytest.importorskip("pypdfium2", reason="pip install 'assay[documents]'")
    document = pdfium.PdfDocument(sheet["out"] / "sheet.pdf")
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert "Defence sheet" in text
    assert GROUP[0] in text.replace("\r\n", "").replace("\n", "")


def test_the_same_bundle_gives_the_same_sheet(
    case: Path, sheet: dict[str, Any], tmp_path: Path
) -> None:
    asked = ContestOptions(account=GROUP[0])
    contest_bundle(case, asked, (tmp_path, True), RunOptions(threads=1), Silent())
    for name in ("sheet.html", "evidence.csv", "contest.json", "sheet.pdf"):
        if (tmp_path / name).exists():
            assert (tmp_path / name).read_bytes() == (sheet["out"] / name).read_bytes(), name


@contextmanager
def opened(case: Path) -> Iterator[tuple[Unpacked, LeftOutRuns]]:
    """The bundle, and what makes its detection again."""
    with unpacked(case, Silent()) as bundle:
        record = json.loads(bundle.run.run.read_bytes())
        with left_out_runs(bundle.run.dataset, coaction_of(record), RunOptions()) as runs:
            yield bundle, runs


def looked_at(case: Path, **asked: Any) -> Contest:
    with opened(case) as (bundle, runs):
        return contest(bundle, ContestOptions(**asked), runs, Silent())


def test_an_account_that_no_finding_names(case: Path, tmp_path: Path) -> None:
    with opened(case) as (bundle, runs):
        found = contest(bundle, ContestOptions(account="made:o3"), runs, Silent())
        page = sheet_html(found)
        written = write_sheet(found, tmp_path, pdf=False)
    assert found.findings == ()
    assert "no finding of this bundle names it" in page
    assert written.told == ("No finding of this bundle names made:o3.",)


def test_a_handle_is_enough(case: Path) -> None:
    found = looked_at(case, account=f"@{SECRET}-G1".upper(), most=0)
    assert found.account.id == "made:g1"
    assert found.findings[0].without == ()
    assert found.findings[0].not_tried == 12 + 12 + 4


def test_near_ids_are_offered(case: Path) -> None:
    with pytest.raises(InputError, match="is not in the bundle") as caught:
        looked_at(case, account="made:o333")
    assert "made:o33" in str(caught.value.fix)
    with pytest.raises(InputError, match="is not in the bundle"):
        looked_at(case, account="nothing like it")


def test_a_finding_that_is_not_there(case: Path) -> None:
    with pytest.raises(InputError, match="is not in the bundle"):
        looked_at(case, account=GROUP[0], finding="coaction-community-000000000000")


def test_points_depend_on_figures_alone(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same figures with other words and names: the same points."""
    found = looked_at(case, account=GROUP[0], most=1)
    before = answers(found, found.findings[0])
    account = found.account
    object.__setattr__(account, "handle", "someone-else")
    object.__setattr__(account, "display_name", "Another <b>name</b>")
    assert answers(found, found.findings[0]) == before
    assert any(not answer.speaks_for for answer in before)
    assert any(answer.speaks_for for answer in before)


@pytest.mark.parametrize(("fdr", "passed"), [(0.01, False), (0.05, True)])
def test_the_account_s_own_test_is_held_against_the_run_s_own_threshold(
    case: Path, fdr: float, passed: bool
) -> None:
    found = looked_at(case, account=GROUP[0], most=0)
    parameters = {**found.record["parameters"], "fdr": fdr}
    sheet = replace(found, record={**found.record, "parameters": parameters})
    one = replace(found.findings[0], own_test=(0.001, 0.03))
    (told,) = [each for each in answers(sheet, one) if each.heading == "The account's own test"]
    assert told.speaks_for is not passed
    assert ("does not pass by itself" in told.text) is not passed


def test_strangers_words_stay_words(case: Path) -> None:
    with opened(case) as (bundle, runs):
        found = contest(bundle, ContestOptions(account=GROUP[0], most=0), runs, Silent())
        object.__setattr__(found.account, "display_name", "<img src=x onerror=alert(1)>\u202e")
        object.__setattr__(found.findings[0].objects[0], "text", "<script>alert(1)</script>")
        page = sheet_html(found)
    assert "<img" not in page
    assert "<script" not in page
    assert "\u202e" not in page


def test_without_the_package_for_pdf_the_sheet_is_written_and_says_how(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    asked = ContestOptions(account=GROUP[0], most=0)
    written = contest_bundle(case, asked, (tmp_path, True), RunOptions(), Silent())
    assert "assay[evidence]" in str(written.no_pdf)
    assert (tmp_path / "sheet.html").exists()


def test_different_accounts_never_share_a_folder() -> None:
    assert slug("twitter-123") == "twitter-123"
    ids = ["a:b", "a/b", "a b", "../a", "Ж", "Ы", "twitter:1"]
    assert len({slug(one) for one in ids}) == len(ids)
    assert all("/" not in slug(one) and ".." not in slug(one) for one in ids)


def test_q_in_words() -> None:
    assert "up to 4.98 in 100" in q_in_words(0.0498)
    assert "hardly any" in q_in_words(1e-9)
