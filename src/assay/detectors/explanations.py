"""The explanations weighed for a community of synchronous accounts, honest ones first.

Each gets what the figures speak for it and against it. The sentences depend on counts and kinds
alone: who the accounts are and what they say never enters.
"""

from __future__ import annotations

from assay.detectors.figures import CommunityFigures
from assay.detectors.wording import about, at_most, counted, joined, one_thing, share, span
from assay.model.finding import Explanation

NAMES = (
    "Chance",
    "A common feed",
    "A shared audience",
    "An openly affiliated organisation",
    "Concealed coordination",
)


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
        Explanation(name, speaks_for, speaks_against)
        for name, (speaks_for, speaks_against) in zip(NAMES, weighed, strict=True)
    )


def blocks(figures: CommunityFigures) -> str:
    """The gate's blocks of time in words: ``ten minutes``, ``five minutes or ten minutes``."""
    return joined([span(delta_s) for delta_s in figures.deltas_s], "or")


def _chance(figures: CommunityFigures, fdr: float) -> tuple[str, str]:
    expected = about(figures.expected_coincidences)
    wider = [
        row
        for row in figures.sensitivity["window_and_delta"]
        if row["window_s"] in figures.windows_s and row["delta_s"] not in figures.deltas_s
    ]
    others = "".join(
        f" With blocks of {span(row['delta_s'])}, {int(row['pairs']):,} of "
        f"{counted(figures.pairs, 'pair')} would pass."
        for row in wider
    )
    return (
        f"Timing that is free inside the same {blocks(figures)} would bring about {expected} "
        f"of these coincidences, and pairs that coincide by luck are the ones that get noticed.",
        f"{figures.tested_coincidences:,} were found, and q {at_most(figures.largest_q)} for "
        f"every pair counts all pairs that were tested, noticed or not.{others}",
    )


def _feed(figures: CommunityFigures) -> tuple[str, str]:
    with_others, alone = figures.objects_with_others, figures.objects - figures.objects_with_others
    thing = one_thing(figures.objects_by_kind)
    elsewhen = figures.shares_elsewhen
    crowd = (
        f"Of {counted(figures.objects, thing)}, none was shared by accounts outside the group at "
        "the same moments."
    )
    if with_others:
        crowd = (
            f"Of {counted(figures.objects, thing)}, {with_others:,} "
            f"{'was' if with_others == 1 else 'were'} also shared by accounts outside the group "
            f"at the same moments ({counted(figures.shares_at_moment, 'share')})."
        )
    return (
        f"{crowd} A feed, a push message or breaking news that reaches all within "
        f"{blocks(figures)} makes accounts act at the same moments.",
        f"{alone:,} of {counted(figures.objects, thing)} "
        f"{'was' if alone == 1 else 'were'} shared by nobody else at these moments; at other "
        f"times accounts outside the group shared these objects {elsewhen:,} "
        f"{'time' if elsewhen == 1 else 'times'}. A feed that only these accounts follow cannot "
        "be told apart from agreement by its timing.",
    )


def _audience(figures: CommunityFigures) -> tuple[str, str]:
    common = figures.coincidences + figures.not_co_timed
    return (
        f"The same pairs shared {counted(figures.not_co_timed, 'further common object')} at "
        "other times, as accounts with the same interests do (each pair and object counted "
        "once).",
        f"{figures.coincidences:,} of {counted(common, 'common object')} "
        f"({share(figures.coincidences, common)}) fell within the window. The test holds "
        f"everything slower than {blocks(figures)} fixed: interests, habits, time zones and the "
        "news of the hour do not lower q.",
    )


def _affiliated(figures: CommunityFigures) -> tuple[str, str]:
    declared, total = figures.affiliation, len(figures.accounts)
    if declared.declares is None:
        return (
            "None of these accounts declares a publisher or an affiliation in the data.",
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
