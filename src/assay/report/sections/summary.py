"""What was looked at, what was found, how often chance would do it, what it does not say."""

from __future__ import annotations

from typing import Any

from assay.report.context import Context
from assay.report.gather import Gathered
from assay.report.markup import Markup, el
from assay.report.words import (
    NEITHER,
    NOT_SAID,
    P_MEANS,
    Q_MEANS,
    count,
    counted,
    day,
    figure,
    listed,
    one_in,
    parse_moment_us,
    span,
)

PLURALS = {
    "object": "objects",
    "link": "links",
    "domain": "domains",
    "hashtag": "hashtags",
    "mention": "mentions",
    "repost": "reposted posts",
    "reply": "posts replied to",
    "text": "identical texts",
    "image": "images",
}


def summary_section(context: Context) -> Markup:
    """The part that a hurried reader reads."""
    return el(
        "section",
        el("h2", "Summary"),
        el("p", headline(context), class_="headline"),
        _tiles(context),
        el(
            "div",
            el("div", el("h3", "What was looked at"), el("p", _looked_at(context.gathered))),
            el("div", el("h3", "What was found"), [el("p", text) for text in _found(context)]),
            el("div", el("h3", "How often chance would do it"), _chance(context)),
            class_="columns",
        ),
        el(
            "div",
            el("h3", "What this report does not say"),
            el("ul", [el("li", el("strong", lead), " ", text) for lead, text in NOT_SAID]),
            class_="callout",
        ),
        id="summary",
    )


def headline(context: Context) -> str:
    """The run's result in one sentence."""
    gathered = context.gathered
    if not context.found:
        return (
            "No pair of accounts passed the test: nothing in these data is closer in time than "
            "chance allows at the threshold that was set."
        )
    groups = len(set(gathered.accounts.community.tolist()))
    return (
        f"{counted(len(gathered.accounts), 'account')} in {counted(groups, 'group')} shared the "
        "same things at the same moments more often than chance would bring about."
    )


def kinds_in_words(gathered: Gathered) -> str:
    """``links and hashtags``."""
    kinds = gathered.part("parameters").get("kinds")
    names = [str(kind) for kind in kinds] if isinstance(kinds, list) else []
    return listed([PLURALS.get(name, name) for name in names]) or "objects"


def windows_in_words(gathered: Gathered) -> str:
    """``60 s``, ``10 s and 60 s``."""
    windows = gathered.part("parameters").get("window_s")
    values = windows if isinstance(windows, list) else [windows] if windows else []
    return listed([span(float(value)) for value in values]) or "the window"


def _tiles(context: Context) -> Markup:
    gathered = context.gathered
    results, family = gathered.part("results"), gathered.part("family")
    tiles: list[tuple[Any, str]] = [
        (gathered.part("data").get("shares"), "shares read"),
        (family.get("tests"), "tests in the family"),
        (results.get("kept", len(gathered.edges)), "pairs of accounts that passed"),
        (len(gathered.accounts), "accounts in them"),
    ]
    return el(
        "dl",
        [
            el("div", el("dt", name), el("dd", count(value)))
            for value, name in tiles
            if value is not None
        ],
        class_="tiles",
    )


def _looked_at(gathered: Gathered) -> list[Any]:
    data = gathered.part("data")
    first, last = parse_moment_us(data.get("first_at")), parse_moment_us(data.get("last_at"))
    parts = []
    if data.get("shares") is not None:
        text = f"{counted(int(data['shares']), 'share')}"
        if data.get("accounts") is not None:
            text += f" by {counted(int(data['accounts']), 'account')}"
        if data.get("objects") is not None:
            text += f" of {counted(int(data['objects']), 'object')}"
        if first is not None and last is not None:
            text += f", from {day(first)} to {day(last)} (UTC)"
        parts.append(text + ". ")
    parts.append(
        f"Looked at were {kinds_in_words(gathered)}. Two accounts act at the same moment when they "
        f"share the same object within {windows_in_words(gathered)} of each other. "
    )
    return [*parts, el("a", "How good the data are", href="#quality"), "."]


def _found(context: Context) -> list[Any]:
    gathered = context.gathered
    family, results = gathered.part("family"), gathered.part("results")
    texts: list[Any] = []
    tests, candidates = family.get("tests"), results.get("candidates")
    if tests is not None:
        texts.append(
            f"{counted(int(tests), 'test')} were counted before any timing was looked at"
            + (
                f"; {counted(int(candidates), 'pair')} of accounts had acted together at least "
                f"{gathered.min_shared} times."
                if candidates is not None
                else "."
            )
        )
    if not context.found:
        smallest = min((row["q_value_min"] for row in gathered.tested), default=None)
        texts.append(
            "None of them passed."
            if smallest is None
            else f"None of them passed: the smallest q is {figure(smallest)}, and "
            f"{figure(gathered.fdr)} is the threshold."
        )
        texts.append(
            "That is not proof that nobody acted together: slow, rare or well-mixed agreement "
            "leaves no trace in these times."
        )
        return texts
    texts.append(
        f"{counted(len(gathered.edges), 'pair')} passed, with at least {gathered.min_shared} "
        f"different {kinds_in_words(gathered)} each. They join "
        f"{counted(len(gathered.accounts), 'account')} to "
        f"{counted(len(set(gathered.accounts.community.tolist())), 'group')}."
    )
    texts.append([el("a", "The groups, each with its evidence", href="#groups"), "."])
    return texts


def _chance(context: Context) -> list[Markup]:
    gathered = context.gathered
    return [
        el(
            "p",
            f"Reported are pairs with q ≤ {figure(gathered.fdr)}: of all that pass such a threshold, at "
            f"most about {one_in(gathered.fdr)} are expected to be false results.",
        ),
        el("p", f"{P_MEANS} {Q_MEANS} {NEITHER}"),
        el("p", el("a", "How sure, and why", href="#chance"), "."),
    ]
