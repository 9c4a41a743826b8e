"""The page is one file, says what the run says, and is the same every time."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from PIL import Image
from tests.report.made_evidence import HOSTILE_TEXT
from tests.report.made_run import make_run
from tests.report.parsed_page import ADDRESSES, Page

from assay.model.dataset import RunFolder
from assay.model.progress import Silent
from assay.report import assets, pictures, words
from assay.report.page import write_report


@pytest.fixture(autouse=True, scope="module")
def pictures_in_full(png_of: Callable[[str, int], bytes]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "png_of", png_of)
        yield


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    made = make_run(tmp_path_factory.mktemp("run"))
    write_report(made, Silent())
    return made


@pytest.fixture(scope="module")
def page(run: RunFolder) -> Page:
    return Page(run.report.read_text(encoding="utf-8"))


def test_the_page_addresses_nothing_outside_itself(page: Page) -> None:
    for tag, attributes in page.elements:
        for name, value in attributes.items():
            if name in ADDRESSES:
                assert value is not None
                assert value.startswith(("#", "data:")), f"<{tag} {name}={value[:60]!r}>"
            assert not name.startswith("on"), f"<{tag} {name}>"
            assert name != "style", "a style attribute would be refused by the page's own policy"


def test_links_lead_somewhere(page: Page) -> None:
    there = {attributes["id"] for _, attributes in page.elements if attributes.get("id")}
    for tag, attributes in page.elements:
        href = attributes.get("href") or ""
        if tag == "a":
            assert href[1:] in there


def test_no_id_is_given_twice(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.elements if attributes.get("id")]
    assert len(ids) == len(set(ids))


def test_the_policy_allows_this_script_and_style_only(page: Page) -> None:
    policy = next(
        attributes["content"] or ""
        for tag, attributes in page.elements
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'; ")
    assert f"script-src {assets.policy_hash(assets.script())};" in policy
    assert f"style-src {assets.policy_hash(assets.style())};" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_foreign_text_is_text(run: RunFolder, page: Page) -> None:
    scripts = [attributes for tag, attributes in page.elements if tag == "script"]
    assert sorted(attributes.get("id") or "" for attributes in scripts) == [
        "", "data-evidence", "data-figures", "data-network",
    ]  # fmt: skip
    assert '"><script>alert(1)</script>' in page.text  # the hostile handle, as words
    html = run.report.read_text(encoding="utf-8")
    assert HOSTILE_TEXT not in html
    assert "\u202e" not in html, "a handle may not turn the text around it"
    assert "onerror=alert" in page.text  # a hostile post among the examples, as words


def test_the_summary_says_what_was_looked_at_found_and_not_said(page: Page) -> None:
    assert "29 accounts in 3 groups shared the same things at the same moments" in page.text
    assert "412,345 shares by 12,034 accounts of 53,021 objects" in page.text
    assert "Looked at were links." in page.text
    for lead, text in words.NOT_SAID:
        assert f"{lead} {text}" in page.text
    for sentence in (words.P_MEANS, words.Q_MEANS, words.NEITHER):
        assert sentence in page.text


def test_no_word_of_guilt(page: Page) -> None:
    own = page.text.lower()
    for word in ("guilt", "culprit", "suspect", "troll", "bots", "perpetrat", "fake account"):
        assert word not in own


def test_findings_stand_with_everything_needed_to_contest_them(run: RunFolder, page: Page) -> None:
    for finding in json.loads(run.findings.read_text(encoding="utf-8"))["findings"]:
        assert finding["statement"] in page.text
        assert finding["reason"] in page.text
        for limit in finding["limits"]:
            assert limit in page.text
        for weighed in finding["explanations"]:
            assert weighed["speaks_for"] in page.text
            assert weighed["speaks_against"] in page.text
        for reference in finding["evidence"]:
            assert reference["path"] in page.text
            assert reference["sha256"] in page.text


def test_tables_chance_quality_and_rerun(run: RunFolder, page: Page) -> None:
    edges = pq.read_table(run.network)
    assert f"Pairs that passed ({len(edges)})" in page.text
    assert "Pairs that pass, by kind, window and Δ" in page.text
    assert "no time" in page.text
    assert "unclosed quote" in page.text
    assert "298,118" in page.text
    assert "assay scan 'posts of May.csv' --window 60s -o out" in page.text
    assert "created_at ← time, text ← body" in page.text


def test_every_table_has_a_caption_and_every_drawing_a_name(page: Page) -> None:
    tags = [tag for tag, _ in page.elements]
    assert tags.count("table") == tags.count("caption") > 5
    for tag, attributes in page.elements:
        # A bar beside the figure that it draws would only be heard twice.
        if tag == "svg" and attributes.get("aria-hidden") != "true":
            assert attributes["role"] == "img"
            assert attributes["aria-label"]
        if tag == "img":
            assert attributes["alt"]
    assert tags.count("main") == tags.count("nav") == tags.count("h1") == 1


def test_the_same_run_gives_the_same_bytes(run: RunFolder, tmp_path: Path) -> None:
    copy = RunFolder(tmp_path / "elsewhere")
    shutil.copytree(run.folder, copy.folder)
    copy.report.unlink()
    shutil.rmtree(copy.pictures)
    summary = write_report(copy, Silent())
    assert copy.report.read_bytes() == run.report.read_bytes()
    assert summary.bytes == copy.report.stat().st_size
    for picture in sorted(run.pictures.iterdir()):
        assert (copy.pictures / picture.name).read_bytes() == picture.read_bytes()


def test_pictures_are_written_as_svg_and_png(run: RunFolder) -> None:
    names = {path.name for path in run.pictures.iterdir()}
    assert names == {
        f"{name}.{kind}"
        for name in ("network", "timeline-group-0", "timeline-group-1", "timeline-group-2")
        for kind in ("svg", "png")
    }
    for path in run.pictures.glob("*.png"):
        with Image.open(path) as picture:
            picture.load()
            assert picture.format == "PNG"
            assert picture.width == (1600 if path.stem == "network" else 1440)
    svg = (run.pictures / "network.svg").read_text(encoding="utf-8")
    assert svg.count("<circle") == 29
    assert svg.count("M") - svg.count("Made") >= len(pq.read_table(run.network))


def test_limits_of_every_group_are_told_once(page: Page) -> None:
    limit = "Synchronous; nothing here says who they are or that they are fake."
    assert page.text.count(limit) == 1
    assert page.text.count("The limits of every group hold for this one too.") == 3
