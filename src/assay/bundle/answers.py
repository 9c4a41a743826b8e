"""What the person concerned can answer: points that the figures themselves raise.

Every point is a fact of the bundle and a question that it opens. None depends on who the account
is or on what it said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assay.bundle.contest import Contest, Contested, threshold
from assay.report.words import chance, counted, figure, listed, span

FULL_MINUTES_SHARE = 0.5
"""From this share of posts on full minutes on, the sheet speaks of schedulers."""


@dataclass(frozen=True)
class Answer:
    """One point.

    Attributes:
        heading: In a few words.
        text: What the data show, and what can be said or asked.
        speaks_for: Whether the figures themselves speak for the account, not only leave a
            question open.
    """

    heading: str
    text: str
    speaks_for: bool


def answers(sheet: Contest, one: Contested) -> tuple[Answer, ...]:
    """Points on one finding, those that the figures speak for first."""
    found = [
        *_hangs_on(one),
        *_others_too(one),
        *_after_others(one),
        *_other_moments(one),
        *_wider(one),
        *_own_test(one, sheet.record),
        *_declared(sheet, one),
        *_full_minutes(one, sheet.record),
        *_settings(sheet),
        *_data(sheet),
        *_always(),
    ]
    return tuple(sorted(found, key=lambda answer: not answer.speaks_for))


def _hangs_on(one: Contested) -> Iterator[Answer]:
    dissolving = one.dissolves()
    if not one.stands.partners:
        return
    if dissolving:
        kinds = [
            counted(sum(without.thing.what == what for without in dissolving), what)
            for what in ("object", "post", "account")
            if any(without.thing.what == what for without in dissolving)
        ]
        yield Answer(
            "It hangs on single things",
            f"Without any one of {listed(kinds, 'or')} (named above), no pair of this account "
            "passes the test any more. If one of them is explained, mistaken or not yours, "
            "nothing is left against this account.",
            speaks_for=True,
        )
        return
    weakest = min(one.without, key=lambda w: w.standing.partners, default=None)
    if weakest is not None:
        yield Answer(
            "It does not hang on a single thing",
            f"Whatever one object, post or account is left out, at least "
            f"{counted(weakest.standing.partners, 'pair')} of {one.stands.partners:,} still "
            "pass. An answer has to explain the pattern as a whole.",
            speaks_for=False,
        )


def _others_too(one: Contested) -> Iterator[Answer]:
    timed = [thing for thing in one.objects if thing.co_timed_with]
    shared = [thing for thing in timed if thing.outside_at_moment]
    if shared:
        yield Answer(
            "Others did the same at the same moment",
            f"{len(shared):,} of {counted(len(timed), 'co-timed object')} were shared at the same "
            f"moments by accounts that no finding here groups with this one "
            f"({sum(thing.outside_at_moment for thing in shared):,} in all). That is what a common "
            "source looks like: a news alert, a feed, a push message. Name the source.",
            speaks_for=True,
        )
    elif timed:
        yield Answer(
            "Was there a common source?",
            f"None of {counted(len(timed), 'co-timed object')} was shared by an account outside "
            "the group at the same moments. A source that only these accounts follow (a channel, a "
            "list, a newsletter) would look the same in time; if there is one, show it.",
            speaks_for=False,
        )


def _after_others(one: Contested) -> Iterator[Answer]:
    timed = [thing for thing in one.objects if thing.co_timed_with]
    first = sum(thing.place == 1 for thing in timed)
    if not timed:
        return
    yield Answer(
        "Who came first",
        f"In {first:,} of {counted(len(timed), 'co-timed object')} this account was the first of "
        f"all in the data to share it; in {len(timed) - first:,} somebody had shared it before. "
        "Whoever reposts what they have just seen comes after it: say where it was seen.",
        speaks_for=first == 0,
    )


def _other_moments(one: Contested) -> Iterator[Answer]:
    met = [meeting for thing in one.objects for meeting in thing.meetings]
    apart = sum(not meeting.co_timed for meeting in met)
    if apart:
        yield Answer(
            "Much was shared at other moments",
            f"Of {counted(len(met), 'meeting')} with the other accounts of the group on an object "
            f"{apart:,} lie further apart than the window. They belong to the picture: accounts "
            "with the same interests share the same things at different times.",
            speaks_for=2 * apart >= len(met),
        )


def _wider(one: Contested) -> Iterator[Answer]:
    deltas = sorted({delta for partner in one.partners for delta, _ in partner.wider})
    for delta_s in deltas:
        asked = [dict(partner.wider) for partner in one.partners]
        rows = [wider[delta_s] for wider in asked if delta_s in wider]
        lost = rows.count(False)
        if lost:
            yield Answer(
                f"A slower common cause, up to {span(delta_s)}",
                f"When everything slower than {span(delta_s)} is held fixed instead, {lost:,} of "
                f"{counted(len(rows), 'row')} against this account no longer pass.",
                speaks_for=2 * lost >= len(rows),
            )


def _own_test(one: Contested, record: Mapping[str, Any]) -> Iterator[Answer]:
    p_value, q_value = one.own_test
    if p_value is None:
        yield Answer(
            "This account was not tested by itself",
            "Its pairs were tested; the account as such was not tested on objects held out from "
            "finding the group. Which group it falls into was decided by an algorithm on the "
            "network as a whole, and membership alone names nobody.",
            speaks_for=True,
        )
    elif q_value is not None:
        passed = q_value <= threshold(record)
        yield Answer(
            "The account's own test",
            f"On objects held out from finding the group, the account against the rest of its "
            f"group has p = {chance(p_value)} and q = {chance(q_value)}"
            + (
                "."
                if passed
                else ": it does not pass by itself, and stands here only as a neighbour of others."
            ),
            speaks_for=not passed,
        )


def _declared(sheet: Contest, one: Contested) -> Iterator[Answer]:
    account = sheet.account
    declared = account.publisher or account.declared_affiliation
    affiliation = one.finding.get("statistic", {}).get("affiliation") or {}
    if declared:
        yield Answer(
            "It is declared openly",
            f"The data say that this account declares “{declared}”. Accounts of one organisation "
            "act together openly; that is what they say they do.",
            speaks_for=True,
        )
    else:
        yield Answer(
            "An open affiliation that the data do not show",
            "The data hold no declared publisher or affiliation of this account "
            f"({affiliation.get('declaring', 0) or 'none'} of the group's accounts "
            "declare one). If it belongs openly to a newsroom, a party, a club or a campaign, show "
            "where it says so.",
            speaks_for=False,
        )


def _full_minutes(one: Contested, record: Mapping[str, Any]) -> Iterator[Answer]:
    resolution_s = float(record.get("data", {}).get("time_resolution_s") or 1)
    own = {
        post: meeting.own_at
        for thing in one.objects
        for meeting in thing.meetings
        for post in (meeting.own_post,)
    }
    on_minute = sum(at.second == 0 and at.microsecond == 0 for at in own.values())
    if resolution_s < 60 and own and on_minute >= FULL_MINUTES_SHARE * len(own):
        yield Answer(
            "Posts on full minutes",
            f"{on_minute:,} of {counted(len(own), 'post')} were made in the first second of a "
            "minute, as schedulers do. Two people who schedule for full minutes meet without "
            "knowing of each other; show the scheduler's settings.",
            speaks_for=True,
        )


def _settings(sheet: Contest) -> Iterator[Answer]:
    told = sheet.bundle.description
    if told.settings > 1:
        yield Answer(
            "How many settings were tried",
            f"The history holds {told.runs:,} runs with {told.settings:,} different settings. q "
            "allows for everything tested inside one run, not for the choice among runs: ask for "
            "the results of the others.",
            speaks_for=True,
        )
    else:
        yield Answer(
            "How many settings were tried",
            f"The history holds {counted(told.runs, 'run')} with "
            f"{counted(told.settings, 'setting')}. Runs into other folders leave no trace in it: "
            "ask whether there were any.",
            speaks_for=False,
        )


def _data(sheet: Contest) -> Iterator[Answer]:
    collection = sheet.manifest.get("collection")
    how = "how the data were collected is told in dataset/manifest.json"
    if not collection:
        how = "the bundle does not say how the data were collected"
    resolution_s = float(sheet.record.get("data", {}).get("time_resolution_s") or 1)
    yield Answer(
        "Are the data whole and right?",
        f"Times are exact to {span(resolution_s)}; {how}. A sample chosen by keyword or by account "
        "can make accounts look closer than they are. Check the posts listed above: is each "
        "of them yours, and at that time? Your own archive from the platform is good evidence.",
        speaks_for=not collection,
    )


def _always() -> Iterator[Answer]:
    yield Answer(
        "A tool or a person between",
        "A scheduler, a cross-posting service, an agency, a shared newsroom login or a group chat "
        "that shares links openly can each make posts meet in time. Its logs, invoices or "
        "screenshots are good evidence.",
        speaks_for=False,
    )


def q_in_words(q_value: float) -> str:
    """What a q says, for this very value."""
    if q_value >= 0.0005:
        return (
            f"q = {figure(q_value)}: among all pairs reported at this threshold, up to "
            f"{figure(q_value * 100)} in 100 are expected to be there by chance."
        )
    return (
        f"q = {chance(q_value)}: among all pairs reported at this threshold, hardly any is "
        "expected to be there by chance, provided that the assumptions of the test hold."
    )
