"""A finding as a page: whole, and as one of its accounts may see it."""

from __future__ import annotations

import pytest
from tests.report.made_run import Plan, make_run
from tests.report.parsed_page import Page

from assay.errors import InputError
from assay.model.dataset import RunFolder
from assay.report.finding_page import finding_page
from assay.report.gather import gather
from assay.report.resembling import read_findings


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    plan = Plan(groups=(6, 5), objects_per_group=6, affiliated=(0,))
    return make_run(tmp_path_factory.mktemp("run"), plan)


def test_an_account_s_own_page_tells_what_speaks_for_it_and_names_nobody_else(
    run: RunFolder,
) -> None:
    declared, other = read_findings(run)
    own, *others = declared["subjects"]
    accounts = gather(run).accounts
    handles = dict(zip(accounts.ids, accounts.handles, strict=True))
    page = Page(finding_page(run, declared["id"], [own]))
    for told in (
        "openly declare that they belong together",
        "1 account: tested against the others of the group on objects held out",
        "How firm is it?",
        "Each of its 6 accounts was left out in turn",
        "Explanations considered",
        "A common stimulus faster than ten minutes would look the same.",
        f"among them {own}",
        "What this does not say",
    ):
        assert told in page.text
    for name in others:
        assert name not in page.text
        assert handles[name] not in page.text
    whole = Page(finding_page(run, declared["id"])).text
    assert all(handles[name] in whole for name in others)
    assert "openly declare" not in Page(finding_page(run, other["id"], [])).text


def test_who_is_not_among_its_accounts_reads_no_name_at_all(run: RunFolder) -> None:
    finding = read_findings(run)[1]
    text = Page(finding_page(run, finding["id"], ["example:nobody"])).text
    assert "among them none that the addresses of the notice name" in text
    assert not [name for name in finding["subjects"] if name in text]


def test_a_finding_that_is_not_there_is_refused_with_those_that_are(run: RunFolder) -> None:
    with pytest.raises(InputError, match="no finding 'other'") as caught:
        finding_page(run, "other")
    assert read_findings(run)[0]["id"] in (caught.value.fix or "")
