"""Volleys as findings of a kind of their own, ``coaction.undecided``, with their evidence."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from assay import __version__
from assay.detectors.evidence import seal
from assay.detectors.reactions import LEVEL, limits_told
from assay.detectors.undecided import Volley, told_figures
from assay.detectors.wording import at_most, counted, short_span
from assay.engine.write import rounded, write_table
from assay.model.dataset import RunFolder
from assay.model.finding import Explanation, Finding
from assay.model.tables import SHARES

UNDECIDED = "coaction.undecided"
STRENGTH = "undecided"
"""Outside the scale of strength words: it says nothing for or against agreement."""

CANNOT_BE_DECIDED = (
    "The co-timing is real; whether a common source faster than the test's blocks or an agreement "
    "made it cannot be decided by timing."
)


def undecided_findings(
    run: RunFolder,
    volleys: list[Volley],
    fdr: float,
    parameters: Mapping[str, Any],
    reactions: Sequence[Mapping[str, Any]],
) -> list[Finding]:
    """Write each volley's evidence and make its finding.

    Args:
        run: Where to; the evidence of kept findings is there already.
        volleys: From :func:`assay.detectors.undecided.find_volleys`.
        fdr: The run's threshold on q.
        parameters: Of the run.
        reactions: Of each kind and window, as ``run.json`` tells them.
    """
    return [_finding(run, volley, fdr, parameters, reactions) for volley in volleys]


def _finding(
    run: RunFolder,
    volley: Volley,
    fdr: float,
    parameters: Mapping[str, Any],
    reactions: Sequence[Mapping[str, Any]],
) -> Finding:
    digest = hashlib.sha256("\0".join([UNDECIDED, *volley.accounts]).encode()).hexdigest()
    finding = Finding(
        id=f"coaction-undecided-{digest[:12]}",
        kind=UNDECIDED,
        claim="synchronous",
        subjects=volley.accounts,
        statement=statement(volley),
        statistic=rounded(told_figures(volley)),
        p_value=volley.largest_p,
        q_value=volley.largest_q,
        reason=_reason(volley),
        limits=_limits(volley, reactions),
        explanations=_explanations(volley),
        strength=STRENGTH,
        method={
            "name": "coaction",
            "version": __version__,
            "fdr": fdr,
            "parameters": dict(parameters),
        },
    )
    folder = run.evidence / finding.id
    folder.mkdir(parents=True, exist_ok=True)
    keys = ("kind", "object_id", "shared_at", "account_id", "post_id")
    write_table(folder / "shares.parquet", pa.table(volley.shares), SHARES, keys)
    return dataclasses.replace(finding, evidence=seal(folder, finding.id))


def statement(volley: Volley) -> str:
    """One sentence in plain words, and what cannot be decided."""
    size = len(volley.accounts)
    declared = ""
    if volley.affiliation.declares is not None:
        what = "publisher" if volley.affiliation.declares == "publisher" else "affiliation"
        declared = (
            f" {volley.affiliation.accounts:,} of {counted(size, 'account')} openly declare the "
            f"same {what}."
        )
    return (
        f"{counted(size, 'account')} were found together on half of the objects and met again on "
        f"the other half within {short_span(volley.window_s)}, in {volley.met:,} of "
        f"{volley.trials:,} shares that left room for it (each account q "
        f"{at_most(volley.largest_q)}), though no pair of them passes by itself. "
        f"{CANNOT_BE_DECIDED}{declared}"
    )


def _reason(volley: Volley) -> str:
    return (
        "With these accounts left out of what chance is expected to bring about, each one meets "
        "its partners on held-out objects more often than anybody else's shares make likely. "
        f"{_partners_in(volley)} This finding does not count as kept."
    )


def _partners_in(volley: Volley) -> str:
    """What is left of it where the accounts count as a part of what chance brings about."""
    told = f"(median p {volley.median_p_partners_in:.2g})"
    if volley.median_p_partners_in <= LEVEL:
        return (
            f"With them left in, it stands out less {told}, and no pair of them enough to pass by "
            "itself among all pairs that were tested."
        )
    if len(volley.accounts) == 2:
        return f"With both left in, it does not stand out {told}."
    return (
        f"With them left in, it does not stand out {told}: a burst of several accounts explains "
        "each of its own pairs."
    )


def _limits(volley: Volley, reactions: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    kinds = set(volley.shares["kind"].to_pylist())
    return (
        "Synchronous means close in time. It is neither a sign that accounts are inauthentic nor "
        "of who is behind them.",
        "Undecided means undecided: a push message, a small feed, a common scheduler and an "
        "agreement leave the same trace.",
        "p and q are not probabilities that these accounts are innocent: p is how often timing "
        "this close would arise under the stated null, q the expected share of false results "
        "among all accounts reported at this threshold.",
        "The data show what was collected: a sample chosen by query or account can make accounts "
        "look closer, or further apart, than they are.",
        *limits_told(reactions, {(kind, volley.window_s) for kind in kinds}),
    )


def _explanations(volley: Volley) -> tuple[Explanation, ...]:
    size = len(volley.accounts)
    declaring, elsewhen = volley.affiliation.accounts, volley.others_elsewhen
    things = counted(volley.objects, "object")
    source = (
        f"Others shared these {things} {counted(volley.others_at_moment, 'time')} in the same "
        "moments. What reached them may have reached these accounts."
        if volley.others_at_moment
        else "A source that only these accounts follow would leave the same trace."
    )
    alone = "" if volley.others_at_moment else f"Nobody else shared these {things} then. "
    return (
        Explanation(
            "A common source faster than the blocks",
            source,
            f"{alone}At other moments others shared them {counted(elsewhen, 'time')}."
            if elsewhen
            else f"{alone}No other account shared them at other moments.",
        ),
        Explanation(
            "An openly affiliated organisation",
            f"{declaring:,} of {counted(size, 'account')} declare the same publisher or "
            "affiliation."
            if declaring
            else "None of them declares a publisher or an affiliation in the data.",
            f"{size - declaring:,} do not declare it."
            if declaring
            else "None is declared; one declared elsewhere does not show here.",
        ),
        Explanation(
            "Agreement",
            f"They met in {volley.met:,} of {volley.trials:,} held-out shares that left room.",
            "Timing shows neither agreement nor intent.",
        ),
    )
