"""How large, how quick and how smooth the report is at 5,000 accounts and 50,000 pairs.

Makes a run folder of that size, writes its report, and opens it in headless Chromium without a
GPU (SwiftShader). Prints one table; the exit code is 1 when a goal is missed.

    python benchmarks/report_speed.py [--groups 400x5,120x15,40x30] [--edges 50500]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.report.made_run import Plan, make_run

from assay.model.dataset import RunFolder
from assay.model.progress import Silent
from assay.report.gather import gather
from assay.report.layout import lay_out
from assay.report.page import write_report
from assay.report.payload import LARGEST_PAGE_BYTES

WITHOUT_GPU = ["--no-sandbox", "--disable-gpu", "--use-angle=swiftshader",
               "--enable-unsafe-swiftshader"]  # fmt: skip
LOADS = 5
PAN_S = 3.0
PAN = """(seconds) => new Promise((done) => {
  const { renderer } = assayReport, camera = renderer.getCamera();
  let frames = 0, began = 0;
  renderer.on('afterRender', () => (frames += 1));
  const step = (now) => {
    began ||= now;
    if (now - began > seconds * 1000) return done(frames / ((now - began) / 1000));
    camera.setState({ x: 0.5 + 0.1 * Math.sin((now - began) / 300) });
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""
COUNT = """() => {
  window.panned = { frames: 0, began: performance.now() };
  assayReport.renderer.on('afterRender', () => (panned.frames += 1));
}"""


@dataclass(frozen=True)
class Line:
    """One measured figure and its goal."""

    what: str
    value: float
    unit: str
    goal: str
    met: bool | None


def main() -> int:
    """Measure, print, and say whether every goal was met."""
    options = _options()
    groups = tuple(
        int(size)
        for part in options.groups.split(",")
        for size, times in [part.split("x")]
        for _ in range(int(times))
    )
    with tempfile.TemporaryDirectory(prefix="assay-report-") as folder:
        run = make_run(Path(folder), Plan(groups=groups, edges_wanted=options.edges))
        lines = _python_lines(run)
        browser = _browser()
        if browser is None:
            print("no Chromium on this machine: the browser's figures are left out")
        else:
            lines += _browser_lines(run, browser)
    width = max(len(line.what) for line in lines)
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for line in lines:
        verdict = "" if line.met is None else "met" if line.met else "MISSED"
        print(f"{line.what:<{width}}  {line.value:>10.3g} {line.unit:<8} {line.goal:<10} {verdict}")
    return 0 if all(line.met is not False for line in lines) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--groups", default="400x5,120x15,40x30", help="sizes of groups")
    parser.add_argument("--edges", type=int, default=50_500, help="pairs to draw before the test")
    return parser.parse_args()


def _browser() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def _python_lines(run: RunFolder) -> list[Line]:
    gathered = gather(run)
    edges = gathered.edges
    small = [part[:3] for part in (edges.a, edges.b, edges.weight)]
    lay_out(len(gathered.accounts), *small)  # compile, or load from the cache
    began = time.process_time()
    lay_out(len(gathered.accounts), edges.a, edges.b, edges.weight)
    layout_s = time.process_time() - began
    write_report(run, Silent())
    began = time.process_time()
    summary = write_report(run, Silent())
    report_s = time.process_time() - began
    return [
        Line("accounts", summary.accounts, "", "", None),
        Line("pairs of accounts", summary.edges, "", "", None),
        Line("pairs of posts in the page", summary.shown_pairs, "", "", None),
        Line("pairs of posts left in evidence/", summary.left_out_pairs, "", "", None),
        Line("layout", layout_s, "CPU-s", "< 15", layout_s < 15),
        Line("whole report with pictures", report_s, "CPU-s", "", None),
        Line("page", summary.bytes / 1e6, "MB", "<= 25", summary.bytes <= LARGEST_PAGE_BYTES),
    ]


def _browser_lines(run: RunFolder, executable: str) -> list[Line]:
    from playwright.sync_api import sync_playwright

    drawn_s, by_mouse, all_drawn, edge_ms = [], [], [], []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=WITHOUT_GPU)
        for _ in range(LOADS):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(run.report.as_uri(), wait_until="commit")
            page.wait_for_selector("#drawing[data-drawn]", timeout=120_000)
            drawn_s.append(page.evaluate("assayReport.drawnAt") / 1000)
            page.wait_for_load_state("load")
            page.locator("#drawing").scroll_into_view_if_needed()
            all_drawn.append(page.evaluate(PAN, PAN_S))
            by_mouse.append(_drag(page))
            edge_ms.append(_open_edge(page))
            page.close()
        browser.close()
    mouse = statistics.median(by_mouse)
    return [
        Line("drawn after page load, median", statistics.median(drawn_s), "s", "< 3",
             statistics.median(drawn_s) < 3),
        Line("drawn after page load, worst", max(drawn_s), "s", "", None),
        Line("panning by mouse", mouse, "frames/s", ">= 10", mouse >= 10),
        Line("moving with all lines drawn", statistics.median(all_drawn), "frames/s", "", None),
        Line("first pair of accounts opened", statistics.median(edge_ms), "ms", "", None),
    ]  # fmt: skip


def _drag(page: Any) -> float:
    """Frames per second while a hand drags the network."""
    box = page.locator("#drawing").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(COUNT)
    until = time.monotonic() + PAN_S
    turn = 0
    while time.monotonic() < until:
        turn += 1
        page.mouse.move(x + 80 * ((turn % 20) / 10 - 1), y + 40 * ((turn % 14) / 7 - 1))
    rate = page.evaluate("panned.frames / ((performance.now() - panned.began) / 1000)")
    page.mouse.up()
    return float(rate)


def _open_edge(page: Any) -> float:
    """Milliseconds from the press on a row to the posts: figures and evidence are read now."""
    milliseconds: float = page.evaluate(
        """() => {
          const began = performance.now();
          document.querySelector('table[data-table="edges"] tbody button').click();
          if (!document.querySelector('#panel .one-pair')) throw new Error('no pair opened');
          return performance.now() - began;
        }"""
    )
    return milliseconds


if __name__ == "__main__":
    sys.exit(main())
