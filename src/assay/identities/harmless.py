"""Why an account or domain that resembles a body may be harmless; said beside every finding."""

from __future__ import annotations

from assay.identities.dossiers import Dossier
from assay.identities.histories import day_of
from assay.identities.signs import OLDER
from assay.model.finding import Explanation

LONG_STANDING_DAYS = 3 * 365
PERSONS = "office-holder"
NAMED_ALIKE = frozenset({"office-holder", "outlet", "company"})
LIMITS = (
    "Names, pictures, bios and posts are compared; whether somebody means to deceive is for a "
    "person to decide, who has read the account itself.",
    "Namesakes, former officials, regional offices and permitted parody may look like this.",
    "What was not supplied was not looked at: nothing is ever fetched. Criticism, satire and "
    "volume are no evidence and add nothing.",
)


def harmless(dossier: Dossier) -> tuple[Explanation, ...]:
    """Explanations, honest ones first, each with what speaks for and against it."""
    return (_namesake(dossier), _unlisted(dossier), _parody(dossier), _posing(dossier))


def _second(dossier: Dossier) -> str:
    return "evidence of a second kind" if dossier.said.second_kind else ""


def _namesake(dossier: Dossier) -> Explanation:
    kind = dossier.body.kind
    speaks_for = [
        "many people and outlets bear the same name"
        if kind in NAMED_ALIKE
        else f"other bodies of the kind {kind} are named alike"
    ]
    made = day_of(dossier.account.created_at)
    seen = day_of(dossier.account.first_seen)
    if made and seen and (seen - made).days >= LONG_STANDING_DAYS:
        speaks_for.append(f"the account was made on {made}, years before the data begin")
    return Explanation(
        "a namesake", "; ".join(speaks_for), _second(dossier) or "nothing beside the reasons above"
    )


def _unlisted(dossier: Dossier) -> Explanation:
    against = {
        "contradicted": f"the body's own site names others: {dossier.proof.told}",
        "unproved": "neither the register nor a supplied capture names it; registers have holes",
    }.get(dossier.proof.state, "see the proof")
    speaks_for = ["bodies have regional, retired, campaign and personal accounts"]
    speaks_for += [sign.told for sign in dossier.signs if sign.kind in OLDER]
    return Explanation(
        "an account of the body's own that the register lacks", "; ".join(speaks_for), against
    )


def _parody(dossier: Dossier) -> Explanation:
    if dossier.label.label:
        missing = [one.told for one in dossier.label.conditions if one.needed and one.met is False]
        return Explanation(
            "parody, fan or commentary",
            f"it calls itself “{dossier.label.label}”",
            "of what its platform asks for, this is missing: " + ("; ".join(missing) or "nothing"),
        )
    return Explanation(
        "parody, fan or commentary",
        "parody need not be funny to be meant as such",
        "the profile as supplied bears no label that says so",
    )


def _posing(dossier: Dossier) -> Explanation:
    if dossier.said.verdict == "poses_as":
        return Explanation(
            "an account that poses as the body",
            "names and evidence of a second kind point the same way",
            "none of it shows what its owner means by it",
        )
    if dossier.said.second_kind:
        return Explanation(
            "an account that poses as the body",
            "names and evidence of a second kind",
            # Why it is not said to pose as the body in spite of that stands last.
            dossier.said.reasons[-1],
        )
    return Explanation(
        "an account that poses as the body", "its names", "a name alone never convicts"
    )
