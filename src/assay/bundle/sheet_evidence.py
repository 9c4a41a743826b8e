"""The parts of the sheet that show evidence: rows, objects, and what they hang on."""

from __future__ import annotations

from assay.bundle.contest import Contested
from assay.bundle.leave_out import Without
from assay.bundle.own_objects import OwnObject
from assay.bundle.sheet_pictures import meetings_picture, without_picture
from assay.report.gather import shown
from assay.report.markup import Markup, bdi, el, table
from assay.report.words import chance, counted, figure, span

MOST_ROWS = 80
"""Rows of a table on the sheet; all of them are in ``evidence.csv``."""
LONGEST_TEXT = 160


def against(one: Contested) -> Markup:
    """The tested rows against the account."""
    if not one.partners:
        return el(
            "div",
            el("h3", "The rows against this account"),
            el("p", "None: no pair of this account passed. It stands in the group by its "
               "neighbours alone.", class_="box"),
        )  # fmt: skip
    rows = [
        (
            bdi(shown(partner.account)),
            partner.kind,
            span(partner.window_s),
            f"{partner.co_timed:,}",
            f"{partner.common - partner.co_timed:,}",
            figure(partner.expected),
            chance(partner.p_value),
            chance(partner.q_value),
        )
        for partner in one.partners[:MOST_ROWS]
    ]
    accounts = len({partner.account for partner in one.partners})
    return el(
        "div",
        el("h3", "The rows against this account"),
        el(
            "p",
            f"It passed the test with {counted(accounts, 'other account')} of the group. Each "
            "row says how often the two met in time, how often chance alone would have brought "
            "that about, and how unusual it is.",
        ),
        table(
            "Strongest first" + _cut(len(one.partners)),
            [
                ("Other account", False),
                ("Kind", False),
                ("Window", False),
                ("Met in time", True),
                ("Common, at other moments", True),
                ("Expected", True),
                ("p", True),
                ("q", True),
            ],
            rows,
        ),
    )


def objects_table(one: Contested) -> Markup | None:
    """What it shared in time with others, object by object."""
    timed = [thing for thing in one.objects if thing.co_timed_with]
    if not timed:
        return None
    window_s = max((partner.window_s for partner in one.partners), default=60.0)
    rows = [_object_row(thing) for thing in timed[:MOST_ROWS]]
    return el(
        "div",
        el("h3", "What was shared in time with others"),
        meetings_picture(timed, window_s),
        table(
            "In the order of time, UTC" + _cut(len(timed)),
            [
                ("When", False),
                ("What", False),
                ("Met with, closest gap", False),
                ("Place among all sharers", True),
                ("Outside the group, same moment", True),
            ],
            rows,
            class_="objects",
        ),
    )


def _object_row(thing: OwnObject) -> tuple[object, ...]:
    timed = [meeting for meeting in thing.meetings if meeting.co_timed]
    what: list[Markup | str] = [el("span", f"{thing.kind} "), bdi(shown(thing.id))]
    if thing.text:
        text = shown(thing.text)
        cut = text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"
        what.append(el("div", el("q", bdi(cut)), class_="quiet"))
    what.append(el("div", "post ", bdi(shown(timed[0].own_post)), class_="quiet"))
    return (
        timed[0].own_at.strftime("%Y-%m-%d %H:%M:%S"),
        what,
        f"{counted(len(timed), 'account')}, {span(timed[0].gap_s)}".replace(
            " s", "\N{NO-BREAK SPACE}s"
        ),
        f"{thing.place:,} of {thing.sharers:,}",
        f"{thing.outside_at_moment:,}",
    )


def not_co_timed(one: Contested) -> Markup:
    """What the same accounts shared at other moments: it belongs to the picture."""
    met = [
        (thing, meeting)
        for thing in one.objects
        for meeting in thing.meetings
        if not meeting.co_timed
    ]
    heading = el("h3", "What was shared with the same accounts, but not in time")
    if not met:
        return el("div", heading, el("p", "Nothing: every object that this account has in common "
                  "with its pairs in the group fell within the window."))  # fmt: skip
    rows = [
        (bdi(shown(thing.id)), bdi(shown(meeting.account)), span(meeting.gap_s))
        for thing, meeting in met[:MOST_ROWS]
    ]
    return el(
        "div",
        heading,
        table(
            f"{counted(len(met), 'meeting')} further apart than the window" + _cut(len(met)),
            [("Object", False), ("Other account", False), ("Apart by at least", True)],
            rows,
        ),
    )


def hangs_on(one: Contested) -> Markup:
    """What is left when one thing is left out, by making the detection again."""
    if not one.without:
        return el("div", el("h3", "What it hangs on"), el("p", "Nothing was left out."))
    return el(
        "div",
        el("h3", "What it hangs on"),
        el("p", _tried(one)),
        without_picture(one),
        el("p", _left(one), class_="box"),
        table(
            "The ten that matter most",
            [
                ("Left out", False),
                ("Pairs of this account", True),
                ("Largest q among them", True),
                ("Pairs in the whole group", True),
            ],
            [
                (
                    el("span", bdi(shown(_named(w)))),
                    f"{w.standing.partners:,} of {one.recomputed.partners:,}",
                    chance(w.standing.largest_q),
                    f"{w.standing.finding_pairs:,} of {one.recomputed.finding_pairs:,}",
                )
                for w in sorted(one.without, key=_weight)[:10]
            ],
        ),
    )


def _tried(one: Contested) -> str:
    full = one.recomputed
    said = (
        f"The detection was made again {len(one.without):,} times, each time without one object, "
        "one post of this account, or one other account, on all of the remaining data. With "
        f"everything in, this account has {counted(full.partners, 'pair')} that "
        f"{'passes' if full.partners == 1 else 'pass'}."
    )
    if full == one.stands:
        return said
    return (
        f"{said} That differs from the bundle, which says {one.stands.partners:,}: see "
        "`assay verify`."
    )


def _left(one: Contested) -> str:
    """What remains of the account's pairs in the worst case."""
    dissolving = one.dissolves()
    if dissolving:
        left = (
            f"There are {counted(len(dissolving), 'thing')} without which no pair is left: "
            + ", ".join(_named(w) for w in dissolving[:12])
            + (" and others." if len(dissolving) > 12 else ".")
        )
    else:
        least = min(w.standing.partners for w in one.without)
        left = (
            f"No single thing carries it: at least {counted(least, 'pair')} "
            f"{'is' if least == 1 else 'are'} left whatever is taken away."
        )
    if one.not_tried:
        were = "was" if one.not_tried == 1 else "were"
        left += f" {counted(one.not_tried, 'further thing')} {were} not tried (--most)."
    return left


def _weight(one: Without) -> tuple[int, str, str]:
    """Those that matter most come first."""
    return one.standing.partners, one.thing.what, one.thing.id


def _named(one: Without) -> str:
    thing = one.thing
    return f"{thing.kind} {thing.id}" if thing.what == "object" else f"{thing.what} {thing.id}"


def _cut(rows: int) -> str:
    return (
        f"; the first {MOST_ROWS} of {rows:,}, all are in evidence.csv" if rows > MOST_ROWS else ""
    )
