"""What was looked at, what was found, how often chance would do it, what it does not say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assay.report.context import Context
from assay.report.findings import affiliated_communities
from assay.report.gallery_page import headline as headline_of_names
from assay.report.gather import Gathered
from assay.report.markup import Markup, el
from assay.report.totals import totals
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
    span,
)

PLURALS = {
    "object": "objects",
    "link": "links",
    "domain": "domains",
    "hashtag": "hashtags",
    "mention": "mentions",
    "repost": "reposted posts",
    "reply": "answered posts",
    "text": "identical texts",
    "image": "images",
}


PSEUDONYMS = (
    "Accounts, posts and links stand under pseudonyms; who holds the key can turn them back. "
)


def summary_section(context: Context) -> Markup:
    """The part that a hurried reader reads."""
    return el(
        "section",
        el("h2", "Summary"),
        el("p", headline(context), class_="headline"),
        _too_fast(context.gathered),
        _pseudonyms(context.gathered),
        _tiles(context),
        el(
            "div",
            el("div", el("h3", "What was looked at"), el("p", _looked_at(context.gathered))),
            el(
                "div",
                el("h3", "What was found"),
                [el("p", text) for text in (*_found(context), *_names(context))],
            ),
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


def _too_fast(gathered: Gathered) -> Markup | None:
    """Where people react so fast that the test errs too often, before anything else is read."""
    says = gathered.part("reactions").get("says")
    return el("div", [el("p", text) for text in says], class_="callout") if says else None


def _pseudonyms(gathered: Gathered) -> Markup | None:
    """That names were replaced, with what this does not protect against."""
    told = gathered.manifest.get("pseudonymised")
    if not isinstance(told, dict):
        return None
    return el("p", PSEUDONYMS, str(told.get("note", "")))


def headline(context: Context) -> str:
    """The run's result in one sentence."""
    gathered = context.gathered
    if not context.found:
        if gathered.part("family").get("tests") == 0:
            return (
                "Nothing could be tested: no two accounts shared enough of the same things around "
                "the same time."
            )
        return (
            "No pair of accounts passed the test: no two of them were at the same moment more "
            "often than chance allows at the threshold that was set."
        )
    groups = len(set(gathered.accounts.community.tolist()))
    return (
        f"{counted(len(gathered.accounts), 'account')} in {counted(groups, 'group')} shared the "
        "same things at the same moments more often than chance would bring about."
        f"{_declared(gathered, groups)}"
    )


def _declared(gathered: Gathered, groups: int) -> str:
    """How many of the groups are openly affiliated."""
    declared = len(affiliated_communities(gathered.findings))
    if not declared:
        return ""
    which = (
        ("This group" if groups == 1 else "Every group")
        if declared == groups
        else f"{count(declared)} of the groups"
    )
    return f" {which} {'is' if declared in (1, groups) else 'are'} openly affiliated."


def kinds_in_words(gathered: Gathered, conjunction: str = "and") -> str:
    """``links and hashtags``."""
    plurals = [PLURALS.get(name, name) for name in gathered.kinds]
    return listed(plurals, conjunction) or "objects"


def windows_in_words(gathered: Gathered) -> str:
    """``60 s``, ``10 s and 60 s``."""
    return listed([span(value) for value in gathered.windows_s], "or") or "the window"


def _tiles(context: Context) -> Markup:
    gathered = context.gathered
    family = gathered.part("family")
    tiles: list[tuple[Any, str]] = [
        (totals(gathered).shares, "shares looked at"),
        (family.get("tests"), "possible tests"),
        (len(gathered.edges), "pairs of accounts that passed"),
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
    size = totals(gathered)
    parts: list[Any] = []
    if size.shares is not None:
        text = counted(size.shares, "share")
        if size.accounts is not None:
            text += f" by {counted(size.accounts, 'account')}"
        if size.objects is not None:
            text += f" of {counted(size.objects, 'object')}"
        if size.first_us is not None and size.last_us is not None:
            text += f", from {day(size.first_us)} to {day(size.last_us)} (UTC)"
        parts.append(text + ". ")
    parts.append(
        f"Looked at were {kinds_in_words(gathered)}. Two accounts act at the same moment when they "
        f"share the same object within {windows_in_words(gathered)} of each other. "
    )
    parts += [f"{text} " for text in _left_out(gathered)]
    return [*parts, el("a", "How good the data are", href="#quality"), "."]


def _left_out(gathered: Gathered) -> Iterator[str]:
    """What of these shares was not tested, by whoever ran it."""
    if gathered.run.get("window_auto"):
        yield (
            "The window was estimated on half of the objects, and only the other half was tested."
        )
    yield from gathered.caps


def _found(context: Context) -> list[Any]:
    gathered = context.gathered
    texts: list[Any] = []
    tests, candidates = gathered.part("family").get("tests"), gathered.candidates
    if tests is not None:
        texts.append(
            f"The family held {counted(int(tests), 'possible test')}, fixed before it was known "
            "who had coincided"
            + (
                f"; {counted(candidates, 'pair')} of accounts had coincided on at least "
                f"{gathered.min_shared} objects of one kind."
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
            "leaves no trace in these times, and where very many act at once, each pair of them "
            "is explained by the others."
        )
        return [*texts, *_beyond_pairs(gathered)]
    texts.append(
        f"{counted(len(gathered.edges), 'pair')} passed, with at least {gathered.min_shared} "
        f"different {kinds_in_words(gathered, 'or')} each. They join "
        f"{counted(len(gathered.accounts), 'account')} to "
        f"{counted(len(set(gathered.accounts.community.tolist())), 'group')}."
    )
    texts.append([el("a", "The groups, each with its evidence", href="#groups"), "."])
    return [*texts, *_beyond_pairs(gathered)]


def _beyond_pairs(gathered: Gathered) -> Iterator[list[Any]]:
    """Where to read what pairs alone do not show."""
    undecided = len(gathered.undecided)
    if undecided:
        yield [
            f"{counted(undecided, 'further group')} met again and again, though none of its pairs "
            if undecided == 1
            else f"{counted(undecided, 'further group')} met again and again, though none of their "
            "pairs ",
            "passes: ",
            el("a", "undecided", href="#undecided"),
            ".",
        ]
    if (gathered.part("surrogates").get("says") or {}).get("whole"):
        yield [el("a", "What the data as a whole say", href="#whole"), "."]


def _names(context: Context) -> list[Any]:
    """What the names of accounts and domains came to, where they were held against a register."""
    found = context.gathered.resembling
    if not found:
        return []
    accounts = [one for one in found if one.of_account]
    poses = sum(one.comparison["verdict"] == "poses_as" for one in accounts)
    section = "accounts" if accounts else "domains"
    told = headline_of_names(poses, len(accounts) - poses, len(found) - len(accounts))
    return [[told, " ", el("a", "Side by side", href=f"#resembling-{section}"), "."]]


def _chance(context: Context) -> list[Markup]:
    gathered = context.gathered
    return [
        el(
            "p",
            f"Reported are pairs with q ≤ {figure(gathered.fdr)}: of all that pass such a "
            f"threshold, at most about {one_in(gathered.fdr)} are expected to be false results.",
        ),
        el("p", f"{P_MEANS} {Q_MEANS} {NEITHER}"),
        el("p", el("a", "How sure, and why", href="#chance"), "."),
    ]
