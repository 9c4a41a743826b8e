"""The calibration's page: one file, no script, opens from disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assay import __version__
from assay.laboratory.calibrate_held_out import ACCOUNTS, GROUPS
from assay.laboratory.calibrate_pictures import Series, draw_false, draw_power, draw_qq
from assay.laboratory.calibrate_report import Calibrated
from assay.laboratory.calibrate_rules import COMPARISON, GATE
from assay.laboratory.calibrate_style import STYLE
from assay.laboratory.calibrate_targets import MET, NOT_MET, UNDECIDED, Target
from assay.laboratory.worlds import USUAL_S, WORLDS
from assay.model.units import format_duration
from assay.report.html_page import page_head, whole_page
from assay.report.markup import Markup, el, join

Row = dict[str, Any]
TITLES = {world.name: world.title for world in WORLDS}
POWER_WORDS = {
    GATE: (
        "Planted accounts tied to another member by an edge",
        "What the gate finds. Large groups hide in the burst that they make themselves.",
    ),
    ACCOUNTS: (
        "Planted accounts named by their own test",
        "Groups are found on half of the objects; each account is tested against the rest of its "
        "group on the other half.",
    ),
}
"""Heading and first sentence of each picture of power."""

BEYOND_EDGES = (ACCOUNTS, GROUPS)


def write_page(calibrated: Calibrated, folder: Path) -> Path:
    """Write ``calibration.html`` whole or not at all."""
    path = folder / "calibration.html"
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(page(calibrated), encoding="utf-8")
    unfinished.replace(path)
    return path


def page(calibrated: Calibrated) -> str:
    """The page as HTML."""
    # Where several κ were tried, the pictures show the first.
    shrinkage = calibrated.calibration.shrinkages[0]
    rates, power, p_values = (
        [row for row in one.to_pylist() if row["shrinkage"] == shrinkage]
        for one in (calibrated.rates, calibrated.power, calibrated.p_values)
    )
    head = page_head("Calibration · Assay", STYLE)
    body = el(
        "body",
        el("header", el("p", "Assay", class_="brand"), el("h1", "How often the tests err")),
        el(
            "main",
            _introduction(calibrated),
            _targets(calibrated.targets),
            _false_section(rates),
            _qq_section(p_values),
            _power_section(power, GATE),
            _power_section(power, ACCOUNTS),
            _limits(),
        ),
        el("footer", f"Made by Assay {__version__}. Every figure stands in rates.csv, power.csv "
           "and p_values.csv beside this file, every run in runs.ndjson."),
    )  # fmt: skip
    return whole_page(head, body)


def _introduction(calibrated: Calibrated) -> Markup:
    calibration = calibrated.calibration
    verdicts = [target.verdict for target in calibrated.targets]
    return join(
        [
            el("p", f"Worlds were made in which it is known who acts together and who does not: "
               f"{calibration.runs} of each kind, seed {calibration.judging.seed}. The same tests "
               "that judge real data judged them. This page counts how often they named accounts "
               "that did nothing together, and how many of the planted ones they found."),
            el("p", f"Of {len(verdicts)} targets {verdicts.count(MET)} were met, "
               f"{verdicts.count(NOT_MET)} were not, and {verdicts.count(UNDECIDED)} cannot be "
               "decided by so few runs. None was chosen after the figures were known."),
        ]
    )  # fmt: skip


def _targets(targets: Sequence[Target]) -> Markup:
    worlds = list(dict.fromkeys(target.world for target in targets))
    cards = [
        el(
            "figure",
            el("h3", world),
            el("p", TITLES.get(world.split(" ")[0], ""), class_="quiet"),
            el("ul", [_verdict(one) for one in targets if one.world == world], class_="targets"),
        )
        for world in worlds
    ]
    return el(
        "section",
        el("h2", "Targets"),
        el("p", "Each world with its worst figure over all windows and plantings, at Δ = 10 "
           "windows. Intervals are at 95 %."),
        el("div", cards, class_="grid-of"),
    )  # fmt: skip


def _verdict(target: Target) -> Markup:
    return el(
        "li",
        el("span", target.verdict, class_=f"verdict {target.verdict.replace(' ', '-')}"),
        " ",
        el("span", target.asked, class_="asked"),
        el("div", target.figure),
    )


def _false_section(rates: Sequence[Row]) -> Markup:
    edges = [row for row in rates if row["rule"] not in BEYOND_EDGES]
    quiet = _usual([row for row in edges if row["jitter_s"] is None])
    rules = list(dict.fromkeys(row["rule"] for row in quiet))
    worlds: dict[str, list[tuple[int, float]]] = {}
    for row in quiet:
        worlds.setdefault(row["world"], []).append((rules.index(row["rule"]), row["false"]))
    most = max((row["false"] for row in quiet), default=0.0)
    return el(
        "section",
        el("h2", "False edges where nothing is planted"),
        el("p", "Every edge here is false. A dot is the mean number of edges that a rule keeps in "
           "one run of a world, at the window of 60 s or the world's nearest to it. Two accounts "
           "of one declared publisher count for nothing."),
        _legend(rules),
        el("div", draw_false("False edges a run by world and rule", list(worlds.items()), most),
           class_="scroll"),
    )  # fmt: skip


def _qq_section(p_values: Sequence[Row]) -> Markup:
    rows = _usual([row for row in p_values if row["jitter_s"] is None])
    nulls = list(dict.fromkeys(row["null"] for row in rows))
    figures = []
    for world in dict.fromkeys(row["world"] for row in rows):
        own = [row for row in rows if row["world"] == world]
        series = [
            Series(
                null,
                nulls.index(null),
                [(row["nominal"], row["observed"]) for row in own if row["null"] == null],
            )
            # The gate last, so that it lies on top.
            for null in reversed(nulls)
        ]
        figures.append(
            _figure(world, own[0]["window_s"], draw_qq(f"p-values in the world {world}", series))
        )
    return el(
        "section",
        el("h2", "Observed against nominal p-values"),
        el("p", "If nothing is there, p is at most α in at most the share α of all tests: a line "
           "must not rise above the dashed diagonal. A pair with fewer co-timed objects than an "
           "edge needs has p = 1, so that lines lie below it on the right. "
           f"The nulls {', '.join(COMPARISON)} are there for comparison and decide nothing."),
        _legend(nulls),
        el("div", figures, class_="grid-of"),
    )  # fmt: skip


def _power_section(power: Sequence[Row], rule: str) -> Markup | None:
    own = [row for row in power if row["rule"] == rule]
    if not own:
        return None
    windows = sorted({row["window_s"] for row in own})
    sizes = sorted({row["size"] for row in own})
    figures = []
    for world in dict.fromkeys(row["world"] for row in own):
        drawn = []
        for jitter_s in sorted({row["jitter_s"] for row in own}):
            here = [row for row in own if (row["world"], row["jitter_s"]) == (world, jitter_s)]
            series = [_of_window(here, window_s, windows) for window_s in windows]
            title = f"{world}: jitter {jitter_s:g} s"
            drawn.append(
                el("div", el("p", f"jitter {jitter_s:g} s", class_="quiet"),
                   draw_power(title, [one for one in series if one.points], sizes))
            )  # fmt: skip
        figures.append(
            el("figure", el("figcaption", el("h3", world), TITLES.get(world, "")),
               el("div", drawn, class_="pair"))
        )  # fmt: skip
    title, said = POWER_WORDS[rule]
    return el(
        "section",
        el("h2", title),
        el("p", said + " The figure is a share of the group's accounts, by the group's size, with "
           "95 % intervals over runs; one colour for each window. Every group shares 8 objects, "
           "each member within the jitter."),
        _legend([format_duration(window_s) for window_s in windows]),
        el("div", figures, class_="grid-of"),
    )  # fmt: skip


def _of_window(rows: Sequence[Row], window_s: float, windows: Sequence[float]) -> Series:
    own = [row for row in rows if row["window_s"] == window_s]
    return Series(
        format_duration(window_s),
        list(windows).index(window_s),
        [(row["size"], row["accounts"]) for row in own],
        [(row["accounts_low"], row["accounts_high"]) for row in own],
    )


def _limits() -> Markup:
    return el(
        "section",
        el("h2", "What this does not show"),
        el("p", "A simulated world is not the world. What is measured here is how the tests behave "
           "where their makers knew the truth; other data can be stranger. Where accounts react to "
           "one stimulus faster than Δ, timing alone cannot tell them from accounts that agreed. "
           "A target that is not met is a limit of the method, to be read beside every finding."),
    )  # fmt: skip


def _usual(rows: Sequence[Row]) -> list[Row]:
    """Of each world the rows at the window nearest to 60 s."""
    nearest: dict[str, float] = {}
    for row in rows:
        best = nearest.setdefault(row["world"], row["window_s"])
        if abs(row["window_s"] - USUAL_S) < abs(best - USUAL_S):
            nearest[row["world"]] = row["window_s"]
    return [row for row in rows if row["window_s"] == nearest[row["world"]]]


def _figure(world: str, window_s: float, drawing: Markup) -> Markup:
    caption = f"{TITLES.get(world, '')} · {format_duration(window_s)}"
    return el("figure", el("figcaption", el("h3", world), caption), drawing)


def _legend(names: Sequence[str]) -> Markup:
    return el(
        "ul",
        [el("li", el("i", class_=f"s{number}"), name) for number, name in enumerate(names)],
        class_="legend",
    )
