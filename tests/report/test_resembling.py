from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from tests.report.made_run import Plan, make_run
from tests.report.names_run import make_names_run

from assay.errors import InputError
from assay.lexicon.platform_rules import platform_rules
from assay.model.dataset import RunFolder
from assay.model.progress import Silent
from assay.report.complaint import complaint_html, write_complaints
from assay.report.gallery_page import headline
from assay.report.page import write_report
from assay.report.pdf import write_pdf
from assay.report.resembling import read_findings, read_resembling


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return make_names_run(tmp_path_factory.mktemp("names"))


@pytest.fixture(scope="module")
def page(run: RunFolder) -> str:
    write_report(run, Silent())
    return run.report.read_text("utf-8")


def test_genuine_and_suspect_stand_beside_each_other(page: str) -> None:
    assert "Impersonation report" in page
    assert page.count('class="beside"') == 3
    assert '<mark title="“о” U+043E CYRILLIC SMALL LETTER O where “o” stands"' in page
    assert "Where the names differ" in page
    assert '<span class="points">+0.55</span>' in page
    assert "contradicted: the body&#x27;s own site names others" in page
    assert page.count('class="face"') == 2
    assert "What it was called" in page
    assert "Why it may be harmless" in page
    assert "a name alone never convicts" in page
    for word in ("guilty", "criminal", "troll"):
        assert word not in page.lower()


def test_what_is_gone_since_the_earlier_run_is_shown(page: str) -> None:
    assert "Since the earlier run" in page
    assert "herald_old" in page


def test_strangers_text_stays_text(page: str) -> None:
    body = page.split("<body", 1)[1]
    assert "<script>document.title" not in body
    assert "\u202e" not in body
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    assert "default-src 'none'" in policy


def test_the_same_run_gives_the_same_page(run: RunFolder, page: str) -> None:
    write_report(run, Silent())
    assert run.report.read_text("utf-8") == page


def test_a_scan_s_report_has_the_gallery_and_its_groups_do_not(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", Plan(groups=(6,), objects_per_group=6))
    groups = len(read_findings(run))
    make_names_run(run.folder)
    summary = write_report(run, Silent())
    text = run.report.read_text("utf-8")
    assert summary.findings == groups + 3
    assert "Accounts that resemble a protected body" in text
    assert "Domains that resemble a protected body" in text
    assert 'href="#resembling-accounts">Side by side' in text
    (section,) = re.findall(r'<section id="groups">.*?</section>', text, re.S)
    assert "Morning Herald" not in section


def test_evidence_outside_the_run_or_broken_is_refused(run: RunFolder) -> None:
    findings = read_findings(run)
    outside: dict[str, Any] = findings[0] | {"evidence": [{"path": "../../comparison.json"}]}
    with pytest.raises(InputError, match="outside the run"):
        read_resembling(run, [outside])
    with pytest.raises(InputError, match="no comparison"):
        read_resembling(run, [findings[0] | {"evidence": []}])
    gone = findings[0] | {"evidence": [{"path": "evidence/none/comparison.json"}]}
    with pytest.raises(InputError, match="cannot be read"):
        read_resembling(run, [gone])
    with pytest.raises(InputError, match=r"findings\.json"):
        read_findings(RunFolder(run.folder / "none"))


@pytest.mark.parametrize(
    "told",
    ["[1]", '{"findings": 7}', '{"findings": ["x"]}', '{"findings": [{"evidence": ["x"]}]}',
     "[" * 100_000],
)  # fmt: skip
def test_findings_that_are_none_are_refused(tmp_path: Path, told: str) -> None:
    run = RunFolder(tmp_path)
    run.findings.write_text(told, "utf-8")
    with pytest.raises(InputError, match=r"findings\.json cannot be read: "):
        read_findings(run)


def test_headlines_count_in_words() -> None:
    assert headline(0, 0, 0) == "Nothing was found that would have to be shown."
    assert headline(1, 2, 0) == (
        "1 account poses as a protected body by more than a name; 2 accounts resemble one and are "
        "not said to pose as it."
    )
    assert headline(0, 1, 0) == (
        "1 account resembles a protected body and is not said to pose as it."
    )
    assert headline(0, 0, 1) == "1 domain resembles a body’s own."


def test_a_complaint_quotes_the_rule_and_can_be_answered(run: RunFolder) -> None:
    (written,) = write_complaints(run, pdf=False)
    html = written.files[0].read_text("utf-8")
    rule = platform_rules()["x"]
    assert rule.impersonation.quote in html
    assert rule.labels.quote in html
    assert f"Dated: {rule.labels.dated}" in html
    assert "the picture is not that of whom it depicts" in html
    for part in (
        "What speaks for the account",
        "How it can be answered",
        "Article 16",
        "good faith",
        "U+043E CYRILLIC SMALL LETTER O",
        "https://x.com/morningheraid",
    ):
        assert part in html
    assert "<script" not in html
    told = json.loads(written.files[1].read_text("utf-8"))
    finding = next(one for one in read_findings(run) if one["id"] == written.finding)
    assert told["evidence"] == finding["evidence"]
    assert all(one["sha256"] in html for one in finding["evidence"])
    assert told["notifier"]["name"] == ""
    assert told["location"]["address"] == "https://x.com/morningheraid"


def test_a_complaint_names_an_account_without_a_handle_by_its_name(run: RunFolder) -> None:
    one = next(one for one in read_resembling(run, read_findings(run)) if one.of_account)
    suspect = one.comparison["suspect"] | {"display_name": "Herald Now"}
    for handle, shown in (("", "Herald Now"), ("heraldnow", "Herald Now · heraldnow")):
        told = one.comparison | {"suspect": suspect | {"handle": handle}}
        html = complaint_html(replace(one, comparison=told))
        assert f"<bdi>{shown}</bdi>" in html


def test_a_likeness_of_names_is_a_request_to_look_and_only_when_asked_for(run: RunFolder) -> None:
    assert [one.verdict for one in write_complaints(run, pdf=False)] == ["poses_as"]
    every = write_complaints(run, every=True, pdf=False)
    (second,) = [one for one in every if one.verdict == "resembles"]
    html = second.files[0].read_text("utf-8")
    assert "Request to look" in html
    assert "we do not say that the account poses as anyone" in html
    assert "Dated: undated" in html
    (chosen,) = write_complaints(run, [second.finding], pdf=False)
    assert chosen.finding == second.finding
    with pytest.raises(InputError, match="no finding"):
        write_complaints(run, ["impersonation-none"])


def test_a_pdf_holds_the_pictures_and_loads_nothing(tmp_path: Path) -> None:
    dot = (
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNg"
        "+M8AAAICAQB7CYF4AAAAAElFTkSuQmCC"
    )
    html = (
        "<!doctype html><html><head><style>p{color:black}</style></head><body><p>Mоrning</p>"
        f'<img src="{dot}" alt=""><img src="file:///etc/hostname" alt="no"></body></html>'
    )
    assert write_pdf(html, tmp_path / "page.pdf") is None
    document = pypdfium2.PdfDocument(tmp_path / "page.pdf")
    assert "Mоrning" in document[0].get_textpage().get_text_range()
    pictures = [one for one in document[0].get_objects() if one.type == 3]
    assert len(pictures) == 1
