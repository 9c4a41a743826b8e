"""One finding per community: a sentence, its figures, its reason, its limits, its evidence.

A finding claims synchrony and nothing else. Its strength is a word from a fixed scale over
figures (:mod:`assay.detectors.strength`); the wording depends on counts, kinds and times, never on
who the accounts are or what they say.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from assay import __version__
from assay.detectors.evidence import freeze
from assay.detectors.explanations import AFFILIATED_SHARE, NAMES, block_length, blocks, explanations
from assay.detectors.figures import CommunityFigures, community_figures
from assay.detectors.firmness import GateOfRun
from assay.detectors.hanging import write_account_stability
from assay.detectors.network_result import NetworkResult
from assay.detectors.reactions import limits_told
from assay.detectors.strength import Strength, StrengthFigures, strength
from assay.detectors.undecided import find_volleys
from assay.detectors.undecided_findings import undecided_findings
from assay.detectors.wording import (
    about,
    at_most,
    counted,
    joined,
    one_thing,
    short_span,
    things,
)
from assay.engine.write import rounded, write_json
from assay.model.dataset import Dataset, RunFolder
from assay.model.finding import Finding
from assay.model.tables import SHARE_KINDS

SCHEMA = 1
COMMUNITY = "coaction.community"
AFFILIATED = "coaction.affiliated"


@dataclass(frozen=True)
class FindingContext:
    """What findings need to know beside the tables.

    Attributes:
        network: What :func:`assay.detectors.network.build_network` returned.
        fdr: The run's threshold on q.
        parameters: Every parameter of the run, as it should stand in each finding's method.
        gate: What the gate was asked with; None leaves out how firm the findings are.
        reactions: Of each kind and window, as ``run.json`` tells them.
        affiliated_share: From which share of accounts with one declared publisher or affiliation
            a community counts as openly affiliated.
    """

    network: NetworkResult
    fdr: float
    parameters: Mapping[str, Any] = field(default_factory=dict)
    gate: GateOfRun | None = None
    reactions: Sequence[Mapping[str, Any]] = ()
    affiliated_share: float = AFFILIATED_SHARE


def write_findings(
    run: RunFolder, dataset: Dataset, context: FindingContext
) -> tuple[Finding, ...]:
    """Write ``findings.json`` and, through :func:`freeze`, the evidence behind each finding.

    Returns:
        The findings in the order of their communities' numbers.

    Raises:
        CheckFailed: A kept edge has no test at its Δ.
    """
    figures = community_figures(run, dataset, context.network, context.fdr, context.gate)
    write_account_stability(run, context.network)
    findings = [_finding(own, context) for own in figures]
    frozen = freeze(run, dataset, findings, context.network)
    listed = [dataclasses.asdict(finding) for finding in frozen]
    volleys = find_volleys(
        run,
        dataset,
        context.network.edges.accounts,
        tuple(context.parameters.get("kinds", SHARE_KINDS)),
        context.fdr,
    )
    apart = undecided_findings(run, volleys, context.fdr, context.parameters, context.reactions)
    undecided = [dataclasses.asdict(finding) for finding in apart]
    # Apart from the findings, so that nobody counts them as kept.
    write_json(run.findings, {"schema": SCHEMA, "findings": listed, "undecided": undecided})
    return frozen


def _own_tests(figures: CommunityFigures) -> str:
    """How many accounts passed a test of their own."""
    size, tested, passed = len(figures.accounts), figures.accounts_tested, figures.accounts_passed
    if not tested:
        return (
            "none of these accounts could be tested on objects held out from finding the group: "
            "look at each account's own pairs."
        )
    return (
        f"of {counted(size, 'account')}, {tested:,} could be tested against the others on objects "
        f"held out from finding the group, and {passed:,} passed. Those that did not, or could not "
        "be tested, stand here as neighbours only; network_accounts.parquet has each one's p and q."
    )


def _group_test(figures: CommunityFigures) -> str:
    """Whether the group as a whole was tested on held-out objects."""
    if figures.held_out_p is None or figures.held_out_q is None:
        return (
            "The group as a whole could not be tested on objects held out from finding it: it did "
            "not come out on half of the objects."
        )
    return (
        "The group as a whole was tested on objects held out from finding it: p "
        f"{at_most(figures.held_out_p)}, q {at_most(figures.held_out_q)} over all groups tested so."
    )


def strength_figures(figures: CommunityFigures, fdr: float) -> StrengthFigures:
    """What the scale of strength words looks at in a community."""
    objects, accounts = figures.hangs_objects, figures.hangs_accounts
    halving = dissolving = None
    if objects is not None and accounts is not None:
        # A pair hangs on both of its accounts, which says nothing.
        whole = len(figures.accounts) == 2 or accounts.tried == accounts.of
        if objects.tried == objects.of:
            dissolving = objects.dissolving
            halving = objects.halving + accounts.halving if whole else None
    return StrengthFigures(
        largest_q=figures.largest_q,
        median_objects=figures.median_objects_per_pair,
        stability=figures.stability,
        halving=halving,
        dissolving=dissolving,
        held_out_q=figures.held_out_q,
        fdr=fdr,
    )


def finding_id(kind: str, subjects: Sequence[str]) -> str:
    """The kind and a hash of kind and subjects: the same accounts have the same id anywhere."""
    digest = hashlib.sha256("\0".join([kind, *sorted(subjects)]).encode())
    return f"{kind.replace('.', '-')}-{digest.hexdigest()[:12]}"


def _finding(figures: CommunityFigures, context: FindingContext) -> Finding:
    affiliated = (
        figures.affiliation.accounts >= context.affiliated_share * len(figures.accounts)
        and figures.affiliation.declares is not None
    )
    kind = AFFILIATED if affiliated else COMMUNITY
    firm = strength(strength_figures(figures, context.fdr))
    return Finding(
        id=finding_id(kind, figures.accounts),
        kind=kind,
        claim="synchronous",
        subjects=figures.accounts,
        statement=statement(figures, affiliated=affiliated),
        statistic=_statistic(figures),
        p_value=figures.held_out_p,
        q_value=figures.largest_q,
        reason=_reason(figures, firm),
        limits=_limits(figures, context),
        explanations=explanations(figures, context.fdr),
        strength=firm.word,
        method={
            "name": "coaction",
            "version": __version__,
            "fdr": context.fdr,
            "affiliated_share": context.affiliated_share,
            "leiden": dataclasses.asdict(context.network.parameters),
            "parameters": dict(context.parameters),
        },
    )


def statement(figures: CommunityFigures, *, affiliated: bool) -> str:
    """The finding in plain words; every number in it is defined in ``docs/reference``."""
    number, thing = len(figures.accounts), one_thing(figures.objects_by_kind)
    window = short_span(figures.windows_s[-1])
    within = window if len(figures.windows_s) == 1 else f"at most {window}"
    if figures.objects == 1:
        what = f"the same {thing}"
    else:
        what = ("the same " if number == 2 else "") + things(figures.objects_by_kind)
    others = "each other" if number == 2 else "one another, at least two of them each time"
    them = "it" if figures.objects == 1 else "them"
    found = figures.tested_coincidences
    each_kind = "" if len(figures.objects_by_kind) == 1 else " for each kind"
    declare = ""
    if affiliated:
        declared = figures.affiliation.declares == "publisher"
        declare = (
            f", openly affiliated: {figures.affiliation.accounts:,} of "
            f"{counted(number, 'account')} declare the same "
            f"{'publisher' if declared else 'affiliation'}"
        )
    considered = joined([name[0].lower() + name[1:] for name in NAMES])
    return (
        f"{counted(number, 'account')} shared {what} within {within} of {others}, though each "
        f"was free to share {them} at any moment of the same {blocks(figures)}; by first shares "
        f"and once a moment{each_kind}, {counted(found, 'such coincidence')} of two accounts and "
        f"one {thing} {'was' if found == 1 else 'were'} found where "
        f"{about(figures.expected_coincidences)} would be expected "
        f"(q {at_most(figures.largest_q)}). Synchronous{declare}; nothing here says "
        f"{'more about ' if affiliated else ''}who they are or that they are fake. Other "
        f"explanations considered: {considered}."
    )


def _statistic(figures: CommunityFigures) -> dict[str, Any]:
    listed = dataclasses.asdict(figures)
    for name in ("accounts", "first_us", "last_us"):
        del listed[name]
    size = len(figures.accounts)
    figures_listed: dict[str, Any] = rounded(listed)
    return figures_listed | {
        "accounts": size,
        "possible_pairs": size * (size - 1) // 2,
        "objects": figures.objects,
        "windows_s": list(figures.windows_s),
        "first_at": _iso(figures.first_us),
        "last_at": _iso(figures.last_us),
    }


def _iso(microseconds: int) -> str:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _reason(figures: CommunityFigures, firm: Strength) -> str:
    size = len(figures.accounts)
    linked = (
        "The pair passed"
        if size == 2
        else f"{figures.pairs:,} of the {size * (size - 1) // 2:,} possible pairs of these "
        f"{size:,} accounts passed"
    )
    return (
        f"{linked} a test that keeps every share in its block of {block_length(figures)} and asks "
        "how often two accounts that do not look at each other would still come this close. "
        f"The median pair has {figures.median_objects_per_pair:,g} co-timed "
        f"{'object' if figures.median_objects_per_pair == 1 else 'objects'}, and the median gap "
        f"between its closest shares is {short_span(figures.median_gap_s)}. The weakest pair "
        f"has q {at_most(figures.largest_q)}: of all pairs reported at that threshold, this "
        f"share or less is expected to be false. That makes the evidence of synchrony {firm.word} "
        f"on the fixed scale{_why_not(firm)}."
    )


def _why_not(firm: Strength) -> str:
    """What the next word up would ask for beyond the figures."""
    if firm.next_word is None:
        return ""
    return f", and not {firm.next_word}, since {joined(list(firm.lacks))}"


def _limits(figures: CommunityFigures, context: FindingContext) -> tuple[str, ...]:
    limits = [
        "Synchronous means close in time. It is neither a sign that accounts are inauthentic nor "
        "of who is behind them.",
        "p and q are not probabilities that these accounts are innocent: p is how often timing "
        "this close would arise under the stated null, q the expected share of false pairs "
        "among all pairs reported at this threshold.",
        "q bounds false pairs, not false accounts: pairs of one group depend on each other, and "
        "the share of uninvolved accounts among those named may be larger.",
        "Who belongs to the group was decided by Leiden's algorithm on the network as a whole. "
        f"Membership alone names nobody; {_own_tests(figures)}",
        _group_test(figures),
        "The sum of coincidences found is high by selection, since pairs were kept for "
        "coinciding; q allows for that, the ratio of found to expected does not.",
        f"A reaction faster than {block_length(figures)} to something that reached all of them "
        "stays undecidable by timing.",
        "The data show what was collected: a sample chosen by query or account can make "
        "accounts look closer, or further apart, than they are.",
    ]
    limits += limits_told(context.reactions, figures.rests_on)
    if context.network.between:
        limits.append(
            f"{counted(context.network.between, 'kept pair')} of accounts in the run "
            f"{'joins' if context.network.between == 1 else 'join'} two groups and "
            f"{'belongs' if context.network.between == 1 else 'belong'} to no finding; see "
            "network.parquet."
        )
    if context.network.max_sharers is not None:
        limits.append(
            f"By choice of who ran it, objects that more than {context.network.max_sharers:,} "
            "accounts shared were left out; what these did with them is not counted here."
        )
    if context.network.tested_half:
        limits.append(
            "The window was chosen on half of the objects and only the other half was tested and "
            "counted."
        )
    return tuple(limits)
