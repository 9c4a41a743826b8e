"""How firm a finding is: the grid as a heat map, what it hangs on, how it comes out again."""

from __future__ import annotations

from typing import Any

from assay.report.context import Context
from assay.report.markup import Markup, bdi, el, table
from assay.report.words import chance, count, counted, figure, listed, span

STEPS = 10
"""Shades of the heat map between nothing left and everything."""

MOST_BARS = 5

BAR_WIDTH = 120
BAR_HEIGHT = 12


def firmness(context: Context, finding: dict[str, Any], *, drawn: bool) -> Markup | None:
    """The part of a finding's card that says how firm it is.

    Args:
        context: The run.
        finding: Its record.
        drawn: Whether to draw heat map and bars; otherwise sentences alone.
    """
    statistic = finding.get("statistic") or {}
    parts = [
        *_grid(statistic, drawn=drawn),
        *_hangs(context, statistic, "object", drawn=drawn),
        *_hangs(context, statistic, "account", drawn=drawn),
        *_stability(statistic, drawn=drawn),
    ]
    if not parts:
        return None
    return el("div", el("h4", "How firm is it?"), parts, class_="firmness")


def _grid(statistic: dict[str, Any], *, drawn: bool) -> list[Markup]:
    if "grid" not in statistic:
        return []
    grid = statistic["grid"]
    if not isinstance(grid, dict):
        return [
            el(
                "p",
                f"Its {counted(int(statistic['pairs']), 'pair')} were not tested again at other "
                "settings: that takes more work than is allowed for all groups together.",
                class_="left-out",
            )
        ]
    total = int(statistic["pairs"])
    parts = [el("p", el("strong", "At other settings. "), grid_sentence(grid, total))]
    if not drawn:
        return parts
    maps = [
        _heat_map(grid, place, multiple, total) for place, multiple in enumerate(grid["deltas"])
    ]
    parts += [
        el("div", maps, class_="heat-maps"),
        el(
            "p",
            f"A pair counts as left where its p is at most {chance(grid['p_threshold'])}, the "
            "largest that this run kept; that threshold is the same in every cell. The framed cell "
            "is the setting of the finding. Pairs were picked there, so a few are bound to be "
            "missing elsewhere; a finding that all but vanishes elsewhere rests on its setting.",
            class_="quiet",
        ),
    ]
    return parts


def grid_sentence(grid: dict[str, Any], total: int) -> str:
    """Where the finding disappears, and where it does not."""
    windows, counts = grid["windows_s"], grid["min_shared"]
    own = windows.index(grid["own_window_s"])
    by_window = [cell[0][0] for cell in grid["pairs"]]
    by_count = grid["pairs"][own][0]
    gone = [span(w) for w, left in zip(windows, by_window, strict=True) if not left]
    least, most = min(by_window), max(by_window)
    if gone:
        none = "Its only pair is not" if total == 1 else f"None of its {count(total)} pairs is"
        said = f"{none} left at a window of {listed(gone, 'or')}."
    elif len(windows) == 1:
        said = "The data's times are too coarse for other windows."
    else:
        number = f"all {count(total)}" if least == total else _between(least, most)
        left = "its only pair is" if total == 1 else f"{number} of its {count(total)} pairs are"
        said = f"At windows from {span(windows[0])} to {span(windows[-1])}, {left} left."
    asked = [(c, left) for c, left in zip(counts, by_count, strict=True) if c > counts[0]]
    zero = next((c for c, left in asked if not left), None)
    if zero is not None:
        before = max(c for c, left in zip(counts, by_count, strict=True) if left or c == counts[0])
        said += (
            f" With at least {zero} co-timed objects asked of a pair nothing is left of it; with "
            f"{before}, {_pairs_left(by_count[counts.index(before)], total)}."
        )
    elif asked:
        last, still = asked[-1]
        said += (
            f" With at least {last} co-timed objects asked of a pair, {count(still)} "
            f"{'is' if still == 1 else 'are'} left."
        )
    return said


def _pairs_left(number: int, total: int) -> str:
    return f"{count(number)} of its pairs" if total > 1 else "it stays" if number else "neither"


def _between(least: int, most: int) -> str:
    return count(least) if least == most else f"between {count(least)} and {count(most)}"


def _heat_map(grid: dict[str, Any], place: int, multiple: float, total: int) -> Markup:
    counts = grid["min_shared"]
    head = el(
        "tr",
        el("th", "Window", scope="col"),
        [el("th", f"≥ {least}", scope="col", class_="number") for least in counts],
    )
    body = []
    for row, window_s in enumerate(grid["windows_s"]):
        cells = []
        for column, left in enumerate(grid["pairs"][row][place]):
            own = window_s == grid["own_window_s"] and column == 0 and place == 0
            shade = 0 if not left else max(1, round(STEPS * min(left, total) / max(total, 1)))
            cells.append(
                el(
                    "td",
                    count(left),
                    el("span", " (as in the finding)", class_="visually-hidden") if own else None,
                    class_=f"number heat-{shade}" + (" own" if own else ""),
                )
            )
        body.append(el("tr", el("th", span(window_s), scope="row"), cells))
    kind = "narrow Δ, which decides" if place == 0 else "wider Δ"
    caption = (
        f"Pairs left of {count(total)}, Δ = {figure(multiple)} windows ({kind}), by window and "
        "fewest co-timed objects"
    )
    return el(
        "div",
        el("table", el("caption", caption), el("thead", head), el("tbody", body), class_="heat"),
        class_="scroll",
        tabindex="0",
        role="region",
        aria_label=caption,
    )


def _hangs(context: Context, statistic: dict[str, Any], what: str, *, drawn: bool) -> list[Markup]:
    told = statistic.get(f"hangs_{what}s")
    if not isinstance(told, dict):
        return []
    if what == "account" and int(statistic.get("accounts") or 0) == 2:
        return []
    lead = el("strong", f"Without one {what} at a time. ")
    parts = [el("p", lead, hangs_sentence(told, what))]
    # Where nothing moves there is nothing to draw.
    listed_rows = [row for row in told["listed"] if row["pairs_left"] < row["pairs"]]
    if drawn and listed_rows:
        parts.append(_bars(context, listed_rows[:MOST_BARS], what))
    return parts


def hangs_sentence(told: dict[str, Any], what: str) -> str:
    """What is left of a group without one object, or account, at a time."""
    tried, of = int(told["tried"]), int(told["of"])
    if not tried:
        return (
            f"None of its {counted(of, what)} was left out in turn: that takes more work than is "
            "allowed for all groups together."
        )
    # Some pair shared it; an object that no kept pair stands on cannot be missed.
    how = f"Each of its {counted(tried, what)} was left out in turn"
    if tried < of:
        how = f"{count(tried)} of its {counted(of, what)} were left out in turn"
    those = "the others" if what == "account" else "the accounts"
    worst = told["listed"][0]
    if told["dissolving"]:
        end = (
            f"{_of_these(told['dissolving'])} the whole finding hangs: without it no pair passes "
            "any more"
        )
    elif told["halving"]:
        end = (
            f"without {_of_which(told['halving'])} fewer than half of {those} are still in a pair "
            f"that passes (at worst {count(worst['accounts_left'])} of {count(worst['accounts'])})"
        )
    elif worst["accounts_left"] == worst["accounts"]:
        pairs = all(row["pairs_left"] == row["pairs"] for row in told["listed"])
        end = f"each time all of {those} are still in a pair that passes" + (
            ", and every pair passes" if pairs else ""
        )
    else:
        end = (
            f"at worst {count(worst['accounts_left'])} of {count(worst['accounts'])} of {those} "
            "are still in a pair that passes"
        )
    return f"{how}: {end}."


def _of_these(number: int) -> str:
    return "on one of them" if number == 1 else f"on each of {count(number)} of them"


def _of_which(number: int) -> str:
    return "one of them" if number == 1 else f"any one of {count(number)} of them"


def _bars(context: Context, rows: list[dict[str, Any]], what: str) -> Markup:
    handles = dict(
        zip(context.gathered.accounts.ids, context.gathered.accounts.handles, strict=True)
    )
    body = []
    for row in rows:
        name = handles.get(row["id"], row["id"]) if what == "account" else row["id"]
        kind = f"{row['kind']}: " if row.get("kind") else ""
        body.append(
            (
                [kind, bdi(_short(str(name)))],
                [
                    _bar(row["pairs_left"], row["pairs"]),
                    f" {count(row['pairs_left'])} of {count(row['pairs'])}",
                ],
                f"{count(row['accounts_left'])} of {count(row['accounts'])}",
            )
        )
    return table(
        f"What is left without it: the {what}s that most hangs on",
        [(f"Without this {what}", False), ("Pairs left", False), ("Accounts left", True)],
        body,
        class_="bars",
    )


def _short(name: str, longest: int = 90) -> str:
    return name if len(name) <= longest else name[: longest - 1] + "…"


def _bar(part: float, whole: float) -> Markup:
    """A bar beside its figure: the figure is the text, the bar is for the eye alone."""
    width = BAR_WIDTH * part / whole if whole else 0
    return el(
        "svg",
        el("rect", width=BAR_WIDTH, height=BAR_HEIGHT, class_="all"),
        el("rect", width=f"{width:.1f}", height=BAR_HEIGHT, class_="part"),
        viewBox=f"0 0 {BAR_WIDTH} {BAR_HEIGHT}",
        width=BAR_WIDTH,
        height=BAR_HEIGHT,
        aria_hidden="true",
        class_="bar",
    )


def _stability(statistic: dict[str, Any], *, drawn: bool) -> list[Markup]:
    objects, seeds = statistic.get("stability"), statistic.get("stability_seeds")
    if not isinstance(objects, int | float) or not isinstance(seeds, int | float):
        return []
    least = statistic.get("least_stable_account")
    said = (
        "1 means the very same group each time, 0 nothing in common. " + _least(least)
        if isinstance(least, int | float)
        else ""
    )
    parts = [el("p", el("strong", "Drawn again. "), _stability_sentence(objects, seeds), " ", said)]
    if drawn and min(objects, seeds) < 1:
        rows = [
            ("Objects drawn again", objects),
            ("Other random choices", seeds),
        ]
        parts.append(
            table(
                "How alike the group comes out again",
                [("Found again", False), ("Likeness", False)],
                [(name, [_bar(value, 1), f" {value:.2f}"]) for name, value in rows],
                class_="bars",
            )
        )
    return parts


def _stability_sentence(objects: float, seeds: float) -> str:
    return (
        f"When its objects are drawn again at random, the group comes out with a likeness of "
        f"{objects:.2f}; when the algorithm's random choices fall otherwise, {seeds:.2f}."
    )


def _least(least: float) -> str:
    if least == 1:
        return "Every account is with its group in every redrawn network."
    return (
        "The account that is found with its group least often is with it in "
        f"{_percent(least)} of the redrawn networks."
    )


def _percent(part: float) -> str:
    return f"{round(100 * part)} %"
