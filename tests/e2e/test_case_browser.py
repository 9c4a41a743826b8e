"""The main path of the case work in a real browser, then axe on every page that it left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import pytest
from tests.cases.made import REASONS, REVIEW, act
from tests.cases.test_outside import SAID
from tests.conftest import REPOSITORY
from tests.web.served import (
    NOTICE,
    PASSWORD,
    Visitor,
    letters_of,
    link_in,
    new_house,
    serving,
    with_team,
)
from tests.web.test_api import account
from tests.web.test_bodies import TYPED

from assay.model.case import Fact
from assay.web.house import House
from assay.web.visitors import SESSION

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


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return with_team(new_house(tmp_path_factory.mktemp("house")))


def others_desks(house: House, notice: str) -> dict[str, str | None]:
    """A published complaint and a published opinion on a notice; the pages that show them."""
    store, at = house.store, house.now()
    ben, paul = account(house, "ben").actor, account(house, "paul").actor
    first = act("draft", complainant_kind="organisation", may_be_public=True, fields=SAID)
    told = {"recipient": "Platform", "recipient_email": "desk@platform.example"}
    wait: dict[str, Fact] = {"recipient_kind": "platform", "due_by": "sender"}
    complaint = store.open_record("complaint", first, by=ben, at=at)
    for what in (act("open"), act("send", answer_until="2026-02-10", fields=told, **wait)):
        complaint = store.act(complaint.id, complaint.version, what, by=ben, at=at)
    enter = act("enter", about=complaint.id, fields={"title": "A complaint"})
    entry = store.open_record("register", enter, by=ben, at=at)
    store.act(entry.id, 1, act("publish"), by=ben, at=at)
    case = store.open_record("case", act("draft", fields={"title": "A case"}), by=ben, at=at)
    for number, what in enumerate(
        (act("add_task", fields={"task_text": "Save it."}), act("mark_sharing", tlp="red")), 1
    ):
        store.act(case.id, number, what, by=ben, at=at)
    invite = act("invite", about=notice, assessor=paul.id, fields={"asked": "Does it carry?"})
    assessment = store.open_record("assessment", invite, by=ben, at=at)
    for what in (
        act("accept", fields={"independence": "None."}),
        act("record_rerun", rerun_outcome="same", fields={"rerun": "assay verify"}),
        act("ask_for_evidence", answer_until="2026-02-10", fields={"evidence_wanted": "Posts"}),
        act("publish", conclusion="carries", fields={"title": "Opinion", "opinion": "It does."}),
    ):
        assessment = store.act(assessment.id, assessment.version, what, by=paul, at=at)
    return {
        **dict.fromkeys(("/ledger", f"/register/{entry.id}")),
        **dict.fromkeys(("/complaints/new", f"/records/{complaint.id}"), "anna"),
        **dict.fromkeys(("/cases/new", "/notices/finding", f"/records/{case.id}"), "anna"),
        f"/records/{assessment.id}": "paul",
    }


def protected_bodies(anna: Visitor) -> dict[str, str | None]:
    """A body with holes, of two versions; the pages that show it."""
    shown = anna.fill("/bodies/new", "/bodies/new", **TYPED)
    anna.fill(shown, "/bodies/body", host="BE", why="They moved")
    return {"/bodies": "anna", "/bodies/body?id=ministry": "anna", "/bodies/history": "admin"}


class Desk:
    """People before a browser each, and whatever their browsers complained about."""

    def __init__(self, browser: Browser, house: House, address: str) -> None:
        self.browser, self.house, self.address = browser, house, address
        self.complaints: list[str] = []
        self.contexts: list[BrowserContext] = []
        self.paths: dict[str, str | None] = {}

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
        # One act leads back to the record, where the next one begins.
        if page.url != f"{self.address}/records/{record}":
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


@pytest.fixture(scope="module")
def worked(browser: Browser, house: House) -> Iterator[Desk]:
    """A notice reported, decided by two, appealed against and overturned, in the browser."""
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
        sender.goto(link_in(letters_of(house)[-1], "confirm"))
        sender.get_by_role("button", name="Yes, I sent it").click()
        sender.get_by_role("heading", name="Your address is confirmed").wait_for()
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
            page.wait_for_load_state()  # before, its style may not be there yet
            narrow = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            assert narrow, page.url
        # Chromium tells of the one form that was sent incomplete on purpose.
        assert [told for told in desk.complaints if "status of 422" not in told] == []
        desk.paths = {
            **dict.fromkeys(
                ("/", "/report", "/report/court_order", "/register", "/log", "/sign-in")
            ),
            **dict.fromkeys((theirs, f"/register/{entry.group(1)}", sender.url), None),
            **dict.fromkeys(
                ("/queue?view=all", f"/records/{notice}", f"/records/{appeal}"), "anna"
            ),
            **dict.fromkeys(("/people", "/account", "/setup/key", "/setup/sample"), "admin"),
            "/nowhere": None,
            **others_desks(house, notice),
            **protected_bodies(Visitor(address).sign_in("anna")),
        }
        for context in desk.contexts:
            context.close()
        yield desk


def test_report_to_overturned(worked: Desk) -> None:
    assert len(worked.house.register.listed(outcome="restriction", text=None, after=None)) == 1


def test_the_queue_by_keys(worked: Desk, browser: Browser) -> None:
    """With its script: from matter to matter, ticked, opened, searched, helped, and turned off."""
    context = browser.new_context(base_url=worked.address)
    session = Visitor(worked.address).sign_in("anna").client.cookies[SESSION]
    cookie = {"name": SESSION, "value": session, "url": worked.address}
    context.add_cookies([cookie])  # type: ignore[list-item]  # a dict of its own type
    page = context.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto("/queue?view=all")
    titles, ticks = page.locator("a.title"), page.locator(".tick-row")
    for key in "jjkjx":
        page.keyboard.press(key)
    assert titles.nth(1).evaluate("link => link === document.activeElement")
    assert [ticks.nth(at).is_checked() for at in range(2)] == [False, True]
    for whether in (True, False):
        page.keyboard.press("a")
        assert {tick.is_checked() for tick in ticks.all()} == {whether}
    page.get_by_role("button", name="Tick all, or none").click()
    assert {tick.is_checked() for tick in ticks.all()} == {True}
    page.keyboard.press("/")
    page.keyboard.press("x")
    assert page.locator("#search").input_value() == "x"
    page.locator("h1").click()
    page.keyboard.press("?")
    page.get_by_label("Single letters work").uncheck()
    page.get_by_role("button", name="Close").click()
    page.reload()
    page.keyboard.press("j")
    assert page.locator("a.title:focus").count() == 0
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Single letters work").check()
    page.get_by_role("button", name="Close").click()
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/records/*")
    context.close()
    assert told == []


def test_paper_is_white_whatever_the_screen_is(worked: Desk, browser: Browser) -> None:
    context = browser.new_context(base_url=worked.address, color_scheme="dark")
    page = context.new_page()
    page.goto("/register")
    colours = "['main', '.quiet'].map((one) => getComputedStyle(document.querySelector(one)).color)"
    dark = page.evaluate(colours)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(colours) == ["rgb(0, 0, 0)", "rgb(83, 96, 107)"] != dark
    assert not page.locator("header.top").is_visible()
    context.close()


AXE = REPOSITORY / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_axe_finds_nothing(worked: Desk, scheme: Literal["light", "dark"]) -> None:
    """WCAG 2.2 AA as far as a program can tell; in the dark only colours are another matter."""
    rules = {"type": "tag", "values": STANDARD}
    if scheme == "dark":
        rules = {"type": "rule", "values": ["color-contrast"]}
    # To describe each element that passed would take a third of its time.
    asked = {"runOnly": rules, "resultTypes": ["violations"]}
    pages: dict[str | None, Page] = {}
    for name in {*worked.paths.values()}:
        context = worked.browser.new_context(
            base_url=worked.address,
            color_scheme=scheme,
            viewport={"width": 1440 if scheme == "light" else 390, "height": 900},
        )
        if name is not None:
            session = Visitor(worked.address).sign_in(name).client.cookies[SESSION]
            cookie = {"name": SESSION, "value": session, "url": worked.address}
            context.add_cookies([cookie])  # type: ignore[list-item]  # a dict of its own type
        pages[name] = context.new_page()
    faults = {}
    for path, name in worked.paths.items():
        page = pages[name]
        page.goto(path)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("asked => axe.run(document, asked)", asked)
        assert found["passes"], path
        for fault in found["violations"]:
            faults[path, fault["id"]] = [node["html"][:150] for node in fault["nodes"]][:3]
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not wide, path
    assert faults == {}
