"""The report in a real browser, without a GPU and without a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.report.made_groups import Plan
from tests.report.made_run import make_empty_run, make_run

from assay.model.dataset import RunFolder
from assay.model.progress import Silent
from assay.report.page import write_report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
WITHOUT_GPU = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


@pytest.fixture(scope="module")
def browser(browser_path: str) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=browser_path, args=WITHOUT_GPU)
        yield started
        started.close()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    made = make_run(tmp_path_factory.mktemp("run"))
    write_report(made, Silent())
    return made


class Visit:
    """A page, with everything that it asked for and complained about."""

    def __init__(self, browser: Browser, **context: Any) -> None:
        self.context = browser.new_context(**context)
        self.page: Page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._heard)
        self.page.on("dialog", lambda dialog: self.complaints.append(f"dialog {dialog.message}"))

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning") and "GPU stall" not in message.text:
            self.complaints.append(message.text)

    def open(self, run: RunFolder, *, drawn: bool = True) -> Page:
        self.page.goto(run.report.as_uri())
        if drawn:
            self.page.wait_for_selector("#drawing[data-drawn]", timeout=30_000)
            self.page.wait_for_selector('[data-tools="objects"] input')
        return self.page


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Visit]:
    window = Visit(browser, viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    yield window
    window.context.close()


@pytest.fixture
def visit(window: Visit) -> Visit:
    """One window for all: a page that is opened in it is new, and keeps nothing of the last."""
    window.requests.clear()
    window.complaints.clear()
    window.page.emulate_media(media="null", color_scheme="null")
    return window


def open_pair(page: Page) -> None:
    page.locator('table[data-table="edges"] tbody button').first.click()
    page.wait_for_selector("#panel .one-pair")


def test_it_opens_from_disk_asks_for_nothing_and_runs_no_foreign_script(
    visit: Visit, run: RunFolder
) -> None:
    page = visit.open(run)
    for row in page.locator('table[data-table="accounts"] tbody button').all()[:6]:
        row.click()
    open_pair(page)
    asked = [url for url in visit.requests if not url.startswith("data:")]
    assert asked == [run.report.as_uri()]
    assert visit.complaints == []
    assert page.title() == "Coordination report · Assay"
    assert page.locator("main a[href^=http]").count() == 0


def test_the_policy_stops_what_would_reach_out(visit: Visit, run: RunFolder) -> None:
    page = visit.open(run)
    reached = page.evaluate(
        """async () => {
          const tries = [fetch('https://example.org/').then(() => 1, () => 0)];
          const image = new Image();
          tries.push(new Promise((done) => {
            image.onload = () => done(1); image.onerror = () => done(0);
            image.src = 'https://example.org/x.png';
          }));
          const script = document.createElement('script');
          script.textContent = 'window.injected = 1';
          document.body.append(script);
          return [...await Promise.all(tries), window.injected ?? 0];
        }"""
    )
    assert reached == [0, 0, 0]


def test_the_network_is_on_the_canvas(visit: Visit, run: RunFolder) -> None:
    page = visit.open(run)
    counts = page.evaluate(
        "[assayReport.renderer.getGraph().order, assayReport.renderer.getGraph().size]"
    )
    assert counts == [29, page.evaluate(
        "JSON.parse(document.getElementById('data-network').textContent).edges.a.length"
    )]  # fmt: skip
    colours = page.evaluate(
        """() => new Promise((done) => {
          const { renderer } = assayReport;
          renderer.once('afterRender', () => {
            const gl = renderer.webGLContexts.nodes;
            const [w, h] = [gl.drawingBufferWidth, gl.drawingBufferHeight];
            const pixels = new Uint8Array(w * h * 4);
            gl.readPixels(0, 0, w, h, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
            const seen = new Set();
            for (let i = 0; i < pixels.length; i += 4)
              if (pixels[i + 3] === 255) seen.add([pixels[i], pixels[i + 1], pixels[i + 2]].join());
            done([...seen]);
          });
          renderer.refresh();
        })"""
    )
    for colour in ("11,98,164", "180,84,26", "27,127,92"):  # one for each group
        assert colour in colours


def test_search_and_choose_by_keyboard(visit: Visit, run: RunFolder) -> None:
    page = visit.open(run)
    page.focus("#account-search")
    page.keyboard.type("reader_1")
    assert "accounts found" in page.inner_text("#search-status")
    assert page.get_attribute("#account-search", "aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    active = page.get_attribute("#account-search", "aria-activedescendant")
    chosen = page.inner_text(f"#{active} bdi")
    page.keyboard.press("Enter")
    assert page.inner_text("#panel-title") == chosen
    assert page.evaluate("document.activeElement.id") == "panel-title"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the first partner
    page.wait_for_selector("#panel .one-pair")
    assert " and " in page.inner_text("#panel-title")


def test_a_press_on_an_account_or_a_line_opens_its_evidence(visit: Visit, run: RunFolder) -> None:
    page = visit.open(run)
    page.locator("#drawing").scroll_into_view_if_needed()
    box = page.locator("#drawing").bounding_box()
    assert box is not None
    spot = page.evaluate(
        """() => { const r = assayReport.renderer, g = r.getGraph(), a = g.getNodeAttributes('0');
          return r.graphToViewport({x: a.x, y: a.y}); }"""
    )
    page.mouse.click(box["x"] + spot["x"], box["y"] + spot["y"])
    page.wait_for_selector("#panel .partners")
    page.keyboard.press("Escape")
    page.locator("#drawing").focus()
    page.keyboard.press("Escape")
    page.wait_for_selector("#panel-title:text-is('Evidence')")
    page.keyboard.press("0")
    page.wait_for_timeout(600)
    middle = page.evaluate(
        """() => { const r = assayReport.renderer, g = r.getGraph();
          const at = (n) => r.graphToViewport(g.getNodeAttributes(n));
          for (const e of g.edges()) {
            const [p, q] = g.extremities(e).map(at);
            const m = {x: p.x * 0.5 + q.x * 0.5, y: p.y * 0.5 + q.y * 0.5};
            const far = g.nodes().every((n) => Math.hypot(at(n).x - m.x, at(n).y - m.y) > 25);
            if (far) return m;
          } }"""
    )
    page.mouse.click(box["x"] + middle["x"], box["y"] + middle["y"])
    page.wait_for_selector("#panel .one-pair")


def test_a_pair_shows_posts_side_by_side_and_what_was_not_co_timed(
    visit: Visit, run: RunFolder
) -> None:
    page = visit.open(run)
    open_pair(page)
    text = page.inner_text("#panel")
    assert "At the same moment" in text
    assert "In common, but not at the same moment" in text
    assert "The test at each Δ" in text
    assert "by chance" in text
    assert page.locator("#panel .one-pair article").count() >= 4
    assert page.locator("#panel a").count() == 0, "addresses are text, never links"
    first = page.locator("#panel .sides").first.locator("article")
    boxes = [first.nth(k).bounding_box() for k in range(2)]
    assert boxes[0] and boxes[1]
    assert boxes[0]["y"] == boxes[1]["y"]
    assert boxes[0]["x"] < boxes[1]["x"]


def test_where_all_was_shared_at_once_the_panel_speaks_of_these_kinds_alone(
    visit: Visit, tmp_path: Path
) -> None:
    run = make_run(tmp_path, Plan(seed=2, groups=(2,), objects_per_group=6))
    write_report(run, Silent())
    page = visit.open(run)
    open_pair(page)
    assert "There is none of the kinds that this pair passed with." in page.inner_text("#panel")


def test_tables_sort_filter_and_page(visit: Visit, run: RunFolder) -> None:
    page = visit.open(run)
    rows = page.locator('table[data-table="edges"] tbody tr')
    assert rows.count() == 25
    page.locator('[data-pager="edges"] [data-go="last"]').click()
    assert rows.count() == 142 - 125
    heads = page.locator('table[data-table="edges"] thead th')
    heads.nth(2).locator("button").click()
    assert heads.nth(2).get_attribute("aria-sort") == "descending"
    cells = page.locator('table[data-table="edges"] tbody td:nth-child(3)')
    weights = [int(text) for text in cells.all_inner_texts()]
    assert weights == sorted(weights, reverse=True)
    heads.nth(2).locator("button").click()
    assert heads.nth(2).get_attribute("aria-sort") == "ascending"
    page.fill("#filter-accounts", "reader_1")
    names = page.locator('table[data-table="accounts"] tbody th').all_inner_texts()
    assert names
    assert all("reader_1" in name for name in names)
    page.fill("#filter-accounts", "")
    page.select_option("#choice-accounts", "2")
    assert page.locator('table[data-table="accounts"] tbody tr').count() == 6


def test_open_affiliation_stands_in_legend_table_and_panel(visit: Visit, tmp_path: Path) -> None:
    run = make_run(tmp_path, Plan(groups=(6, 5), affiliated=(1,)))
    write_report(run, Silent())
    page = visit.open(run)
    assert page.locator("#legend button").all_inner_texts() == [
        "Group 0 (6 accounts)",
        "Group 1 (5 accounts, openly affiliated)",
    ]
    page.select_option("#choice-accounts", "1")
    rows = page.locator('table[data-table="accounts"] tbody tr')
    assert rows.count() == 5
    assert all("1 (openly affiliated)" in text for text in rows.all_inner_texts())
    rows.first.locator("button").click()
    assert "1 (openly affiliated)" in page.inner_text("#panel")
    assert visit.complaints == []


def test_everything_but_drawings_is_readable_without_a_script(
    browser: Browser, run: RunFolder
) -> None:
    visit = Visit(browser, java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = visit.open(run, drawn=False)
    text = page.inner_text("main")
    for part in ("Summary", "Groups and their evidence", "How sure, and why", "Data quality",
                 "Cite and rerun", "Accounts in the network", "Pairs that passed",
                 "Objects they shared"):  # fmt: skip
        assert part in text
    assert page.locator("img.still").is_visible()
    assert page.locator("svg.timeline").first.is_visible()
    assert not page.locator("#account-search").is_visible()
    visit.context.close()


@pytest.mark.parametrize(("made", "scheme"), [("full", "dark"), ("empty", "light")])
def test_no_sideways_scroll_on_a_phone(
    browser: Browser, run: RunFolder, made: str, scheme: Any, tmp_path: Path
) -> None:
    if made == "empty":
        run = make_empty_run(tmp_path)
        write_report(run, Silent())
    visit = Visit(browser, viewport={"width": 390, "height": 844}, color_scheme=scheme)
    page = visit.open(run, drawn=made == "full")
    page.evaluate("document.querySelectorAll('details').forEach((part) => (part.open = true))")
    if made == "full":
        open_pair(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert visit.complaints == []
    visit.context.close()


def luminance(colour: list[float]) -> float:
    parts = [c / 255 for c in colour]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_contrast_meets_wcag_aa(visit: Visit, run: RunFolder, scheme: Any) -> None:
    visit.page.emulate_media(color_scheme=scheme)
    page = visit.open(run)
    open_pair(page)
    page.evaluate("document.querySelectorAll('details').forEach((part) => (part.open = true))")
    found = page.evaluate(
        """() => {
          const read = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
          const ground = (element) => {
            // Translucent grounds lie on those of the elements around them.
            let [sum, room] = [[0, 0, 0], 1];
            for (let e = element; e && room > 0; e = e.parentElement) {
              const [r, g, b, alpha = 1] = read(getComputedStyle(e).backgroundColor);
              sum = sum.map((part, k) => part + room * alpha * [r, g, b][k]);
              room *= 1 - alpha;
            }
            return sum.map((part) => part + room * 255);
          };
          const seen = new Map();
          const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const e = walk.currentNode.parentElement;
            if (!walk.currentNode.data.trim()) continue;
            if (e.closest('script, style, button:disabled, svg title')) continue;
            const fill = e.closest('svg') && getComputedStyle(e).fill;
            const pair = [read(fill || getComputedStyle(e).color).slice(0, 3), ground(e)];
            seen.set(JSON.stringify(pair), e.className || e.tagName);
          }
          return [...seen].map(([pair, name]) => [...JSON.parse(pair), String(name)]);
        }"""
    )
    assert len(found) > 3
    for text, ground, name in found:
        high, low = sorted((luminance(text), luminance(ground)), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, (name, text, ground)


def test_the_button_turns_the_colours_around(visit: Visit, run: RunFolder) -> None:
    page = visit.open(run)
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.click("#theme")
    assert page.evaluate(ground) == "rgb(20, 24, 28)"
    assert page.get_attribute("#theme", "aria-pressed") == "true"
    page.click("#theme")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"


def test_every_control_has_a_name_and_the_focus_shows(visit: Visit, run: RunFolder) -> None:
    page = visit.open(run)
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, input, select, [tabindex="0"]')].filter(
          (e) => !(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length
                   || e.getAttribute('aria-labelledby'))).map((e) => e.outerHTML.slice(0, 90))"""
    )
    assert nameless == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", page.evaluate("document.activeElement.outerHTML.slice(0, 90)")


def test_print_shows_the_still_picture_and_folded_parts(visit: Visit, run: RunFolder) -> None:
    page = visit.open(run)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("img.still").is_visible()
    assert not page.locator("#drawing").is_visible()
    assert not page.locator("nav").is_visible()
    assert page.locator("details:not([open])").count() == 0
    assert page.pdf().startswith(b"%PDF")


def test_a_share_table_opens_too(visit: Visit, tmp_path: Path) -> None:
    run = make_run(tmp_path, Plan(groups=(5, 4), share_table=True))
    write_report(run, Silent())
    page = visit.open(run)
    open_pair(page)
    assert "object: https://news-" in page.inner_text("#panel")
    assert visit.complaints == []


def test_a_run_without_findings_opens_too(visit: Visit, tmp_path: Path) -> None:
    run = make_empty_run(tmp_path)
    write_report(run, Silent())
    page = visit.open(run, drawn=False)
    assert "No pair of accounts passed the test" in page.inner_text("#summary")
    assert visit.complaints == []
