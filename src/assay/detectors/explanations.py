"""The explanations weighed for a community of synchronous accounts, honest ones first.

Each gets what the figures speak for it and against it, and a word for how far they fit it. The
sentences and words depend on counts and kinds alone: who the accounts are and what they say never
enters.
"""

from __future__ import annotations

from assay.detectors.figures import CommunityFigures
from assay.detectors.wording import about, at_most, counted, joined, length, one_thing, share, span
from assay.model.finding import Explanation

NAMES = (
    "Chance",
    "A common feed",
    "A shared audience",
    "An openly affiliated organisation",
    "Concealed coordination",
)

DOES_NOT_FIT = "does not fit"
FITS_LITTLE = "fits little"
OPEN = "open"
FITS_IN_PART = "fits in part"
FITS_WELL = "fits well"

WEIGHTS = (DOES_NOT_FIT, FITS_LITTLE, OPEN, FITS_IN_PART, FITS_WELL)
"""How far the figures fit an explanation. *Open*: they cannot tell; it may well be so."""

CHANCE_Q = 1e-3
"""Up to this q of the weakest pair chance does not fit; above it, it fits little."""

FEED_WELL, FEED_PART = 0.5, 0.1
"""From these shares of objects that others, or one publisher before, shared too, a feed fits."""

AUDIENCE_LITTLE, AUDIENCE_PART = 0.5, 0.2
"""From these shares of common objects that were co-timed, an audience fits little, in part."""

SCHEDULED = 0.05
"""From this share of shares in the first second of a minute the figure speaks for a scheduler;
three times what any moments would give."""

AFFILIATED_SHARE = 0.8
"""From this share of accounts with one declaration a community counts as openly affiliated."""


def explanations(figures: CommunityFigures, fdr: float) -> tuple[Explanation, ...]:
    """The five explanations in fixed order."""
    weighed = (
        _chance(figures, fdr),
        _feed(figures),
        _audience(figures),
        _affiliated(figures),
        _concealed(figures),
    )
    return tuple(
        Explanation(name, speaks_for, speaks_against, weight)
        for name, (speaks_for, speaks_against), weight in zip(
            NAMES, weighed, weights(figures, fdr), strict=True
        )
    )


def weights(figures: CommunityFigures, fdr: float) -> tuple[str, ...]:
    """The word of each explanation, in the order of :data:`NAMES`; the docs have the rules."""
    common = figures.coincidences + figures.not_co_timed
    reached = max(figures.objects_with_others, figures.objects_after_publisher) / figures.objects
    together = figures.coincidences / common
    declared = figures.affiliation.accounts / len(figures.accounts)
    failed = figures.held_out_q is not None and figures.held_out_q > fdr
    return (
        FITS_IN_PART if failed else DOES_NOT_FIT if figures.largest_q <= CHANCE_Q else FITS_LITTLE,
        FITS_WELL if reached >= FEED_WELL else FITS_IN_PART if reached >= FEED_PART else OPEN,
        FITS_LITTLE
        if together >= AUDIENCE_LITTLE
        else FITS_IN_PART
        if together >= AUDIENCE_PART
        else FITS_WELL,
        FITS_WELL if declared >= AFFILIATED_SHARE else FITS_IN_PART if declared > 0 else OPEN,
        DOES_NOT_FIT if declared >= AFFILIATED_SHARE else OPEN,
    )


def blocks(figures: CommunityFigures) -> str:
    """The gate's blocks behind ``the same``: ``hour``, ``five minutes or ten minutes``."""
    return joined([span(delta_s) for delta_s in figures.deltas_s], "or")


def block_length(figures: CommunityFigures) -> str:
    """How long they are: ``an hour``, ``five minutes or ten minutes``."""
    return joined([length(delta_s) for delta_s in figures.deltas_s], "or")


def _chance(figures: CommunityFigures, fdr: float) -> tuple[str, str]:
    expected = about(figures.expected_coincidences)
    wider = [
        row
        for row in figures.sensitivity["window_and_delta"]
        if row["window_s"] in figures.windows_s and row["delta_s"] not in figures.deltas_s
    ]
    others = "".join(
        f" With blocks of {length(row['delta_s'])}, {int(row['pairs']):,} of "
        f"{counted(figures.pairs, 'pair')} would pass."
        for row in wider
    )
    hangs, sole = figures.hangs_objects, ""
    if hangs is not None and hangs.dissolving:
        sole = (
            f" Without one single object, out of {hangs.tried:,} tried, nothing of the group is "
            "left: a slip of a clock or one scheduled post explains as much."
        )
    return (
        f"Timing that is free inside the same {blocks(figures)} would bring about {expected} "
        f"of these coincidences, and pairs that coincide by luck are the ones that get noticed."
        f"{sole}",
        f"{figures.tested_coincidences:,} were found, and q {at_most(figures.largest_q)} for "
        f"every pair counts all pairs that were tested, noticed or not.{others}",
    )


def _feed(figures: CommunityFigures) -> tuple[str, str]:
    with_others, alone = figures.objects_with_others, figures.objects - figures.objects_with_others
    thing = one_thing(figures.objects_by_kind)
    elsewhen = figures.shares_elsewhen
    crowd = ""
    if with_others:
        crowd = (
            f"Of {counted(figures.objects, thing)}, {with_others:,} "
            f"{'was' if with_others == 1 else 'were'} also shared by accounts outside the group "
            f"at the same moments ({counted(figures.shares_at_moment, 'share')}). "
        )
    minute, scheduled = _on_the_minute(figures)
    return (
        f"{crowd}{_source(figures)}{minute if scheduled else ''}A feed, a push message or "
        f"breaking news that reaches all within {block_length(figures)} makes accounts act at "
        "the same moments.",
        f"{alone:,} of {counted(figures.objects, thing)} "
        f"{'was' if alone == 1 else 'were'} shared by nobody else at these moments; at other "
        f"times accounts outside the group shared these objects {elsewhen:,} "
        f"{'time' if elsewhen == 1 else 'times'}. {'' if scheduled else minute}A feed that only "
        "these accounts follow cannot be told apart from agreement by its timing.",
    )


def _source(figures: CommunityFigures) -> str:
    """A publisher just before, one application."""
    after, said = figures.objects_after_publisher, []
    thing = one_thing(figures.objects_by_kind)
    if after:
        said.append(
            f"{after:,} of {counted(figures.objects, thing)} had been shared by one and the same "
            f"declared publisher within the {blocks(figures)} before."
        )
    if figures.with_client:
        said.append(
            f"{figures.same_client:,} of the {counted(figures.with_client, 'co-timed post')} whose "
            "application is known came from the same one."
        )
    return "".join(f"{sentence} " for sentence in said)


def _on_the_minute(figures: CommunityFigures) -> tuple[str, bool]:
    """How many shares fell on the round minute, and whether that looks like a scheduler."""
    if figures.on_the_minute is None:
        return "", False
    part = figures.on_the_minute / figures.co_timed_shares
    said = (
        f"{figures.on_the_minute:,} of {counted(figures.co_timed_shares, 'co-timed share')} "
        f"({share(figures.on_the_minute, figures.co_timed_shares)}) fell in the first second of a "
        "minute, where scheduled posts fall; at any moments it would be 2 %. "
    )
    return said, part >= SCHEDULED


def _audience(figures: CommunityFigures) -> tuple[str, str]:
    common = figures.coincidences + figures.not_co_timed
    return (
        f"The same pairs shared {counted(figures.not_co_timed, 'further common object')} at "
        "other times, as accounts with the same interests do (each pair and object counted "
        f"once). The median pair has {_percent(figures.median_overlap)} of the objects of the one "
        "that shared fewer in common, and the hours of the day at which the two are active cover "
        f"each other by {_percent(figures.median_hours)}.",
        f"{figures.coincidences:,} of {counted(common, 'common object')} "
        f"({share(figures.coincidences, common)}) fell within the window. The test holds "
        f"everything slower than {block_length(figures)} fixed: interests, habits, time zones and "
        "the news of the hour do not lower q.",
    )


def _percent(part: float) -> str:
    return f"{round(100 * part)} %"


def _affiliated(figures: CommunityFigures) -> tuple[str, str]:
    declared, total = figures.affiliation, len(figures.accounts)
    if declared.declares is None:
        return (
            "Nothing in the data: none of these accounts declares a publisher or an affiliation.",
            "None is declared; one that is declared elsewhere, or not at all, does not show here.",
        )
    what = "publisher" if declared.declares == "publisher" else "affiliation"
    return (
        f"{declared.accounts:,} of {counted(total, 'account')} "
        f"{'declares' if declared.accounts == 1 else 'declare'} the same {what}. "
        "Accounts of one organisation post together without hiding it.",
        f"{total - declared.accounts:,} of {counted(total, 'account')} "
        f"{'does' if total - declared.accounts == 1 else 'do'} not declare it.",
    )


def _concealed(figures: CommunityFigures) -> tuple[str, str]:
    total = len(figures.accounts)
    undeclared = total - figures.affiliation.declaring
    return (
        f"{counted(figures.pairs, 'pair')} of accounts acted closer together than chance makes "
        f"likely, and {undeclared:,} of {counted(total, 'account')} "
        f"{'declares' if undeclared == 1 else 'declare'} no publisher or affiliation.",
        "Timing shows neither agreement nor intent, and silence about an affiliation is no "
        "concealment. Identity, ownership and purpose were not examined.",
    )
