"""The main path of the case work in a real browser, and every page at the widths people use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.cases.made import REASONS, REVIEW
from tests.web.served import (
    NOTICE,
    PASSWORD,
    letters_of,
    link_in,
    new_house,
    serving,
    with_team,
)

from assay.web.house import House

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(browser_path: str) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def house(tmp_path: Path) -> House:
    return with_team(new_house(tmp_path))


class Desk:
    """People before a browser each, and whatever their browsers complained about."""

    def __init__(self, browser: Browser, house: House, address: str) -> None:
        self.browser, self.house, self.address = browser, house, address
        self.complaints: list[str] = []
        self.contexts: list[BrowserContext] = []

    def somebody(self, name: str | None = None) -> Page:
        # Without JavaScript: everything has to work so.
        context = self.browser.new_context(
            base_url=self.address, java_script_enabled=False, viewport={"width": 390, "height": 800}
        )
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda told: self.complaints.append(told.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        if name is not None:
            page.goto("/sign-in")
            page.get_by_label("E-mail address").fill(f"{name}@house.example")
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
        return page

    def act(self, page: Page, record: str, name: str, **typed: str) -> None:
        page.goto(f"/records/{record}")
        form = page.locator(f"#act-{name}")
        if form.get_attribute("open") is None:
            form.locator("summary").first.click()
        for group in form.locator("details.group > summary").all():
            group.click()
        for field, value in {"why": "because", **typed}.items():
            box = form.locator(f"[name={field}]")
            if box.evaluate("box => box.tagName") == "SELECT":
                box.select_option(value)
            else:
                box.fill(value)
        form.get_by_role("button").click()
        assert page.get_by_role("alert").count() == 0, page.get_by_role("alert").inner_text()


def test_report_to_overturned(browser: Browser, house: House) -> None:
    with serving(house) as address:
        desk = Desk(browser, house, address)
        sender = desk.somebody()
        sender.goto("/")
        sender.get_by_role("link", name="Report something").click()
        sender.get_by_role("link", name="Impersonation").click()
        sender.get_by_role("button", name="Hand in").click()
        assert "Something is missing" in sender.get_by_role("alert").inner_text()
        for field, value in NOTICE.items():
            box = sender.locator(f"[name={field}]")
            box.check() if field == "good_faith" else box.fill(value)
        sender.get_by_role("button", name="Hand in").click()
        reference = sender.locator("dd code").first.inner_text()
        notice = reference.replace("-", "")
        assert letters_of(house)[-1].purpose == "receipt"

        anna, ben, dora = (desk.somebody(name) for name in ("anna", "ben", "dora"))
        anna.get_by_role("link", name=NOTICE["title"]).click()
        desk.act(anna, notice, "claim")
        desk.act(anna, notice, "acknowledge")
        desk.act(anna, notice, "triage", priority="high")
        desk.act(
            anna,
            notice,
            "ask_to_be_heard",
            put_to_them="You are said to imitate.",
            answer_until="2026-02-14",
            concerned_email="person@example.org",
        )
        theirs = link_in(letters_of(house)[-1])
        concerned = desk.somebody()
        concerned.goto(theirs)
        concerned.get_by_label("What you say to it").fill("It is a fan account.")
        concerned.get_by_role("button", name="Send the answer").click()
        desk.act(anna, notice, "review_rights", aim="morals", incitement="no", **REVIEW)
        desk.act(anna, notice, "propose", outcome="restriction", **REASONS)
        desk.act(ben, notice, "confirm")
        desk.act(anna, notice, "notify")
        anna.get_by_role("button", name="Prepare the entry").click()
        entry = re.search(r"/records/(\w+)", anna.url)
        assert entry is not None
        desk.act(ben, entry.group(1), "publish", title="A ministry's name", summary="Removed.")

        concerned.goto(theirs)
        concerned.get_by_label("Why the decision should be another one").fill("It is fair.")
        concerned.get_by_role("button", name="Lodge the appeal").click()
        dora.goto("/queue?kind=appeal")
        dora.locator("a.title").click()
        appeal = dora.url.rpartition("/")[2]
        desk.act(dora, appeal, "admit")
        dora.goto(f"/records/{appeal}")
        value = dora.locator("#assign-assignee option", has_text="Dora").get_attribute("value")
        assert value is not None
        desk.act(dora, appeal, "assign", assignee=value)
        desk.act(dora, appeal, "overturn", told="A fan may use the name.")

        sender.goto("/register")
        assert "overturned or modified" in sender.locator("main").inner_text()
        sender.locator("a.title").click()
        assert "A restriction is asked for" in sender.locator("main").inner_text()
        sender.get_by_role("link", name="Check that it is in the log").click()
        assert "It holds." in sender.get_by_role("status").inner_text()
        for page in (sender, anna, concerned):
            narrow = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            assert narrow, page.url
        # Chromium tells of the one form that was sent incomplete on purpose.
        assert [told for told in desk.complaints if "status of 422" not in told] == []
        for context in desk.contexts:
            context.close()
