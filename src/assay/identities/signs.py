"""Evidence beside names: what is added to the weight of names, and what makes a verdict of it.

A name alone never convicts. A sign is of a *second kind* when it says something that a namesake
would hardly show: the body's own picture, its bio, its posts, a handle taken over. Signs that
honest newcomers show too (a young account, a change of name) add to the score and to no verdict.
An account that is older than the body's own was not made to be taken for it: so are many personal
and campaign accounts of office-holders, and namesakes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assay.identities.weigh import THRESHOLD, Weighed

Kind = Literal[
    "avatar", "bio", "renamed", "created", "taken over", "posts", "proof", "older",
    "older namesake",
]  # fmt: skip
POINTS: dict[Kind, float] = {
    "avatar": 0.3, "bio": 0.25, "renamed": 0.1, "created": 0.05, "taken over": 0.35, "posts": 0.3,
    "proof": 0.1, "older": 0.0, "older namesake": -0.15,
}  # fmt: skip
OLDER: frozenset[Kind] = frozenset({"older", "older namesake"})
SECOND_KIND: frozenset[Kind] = frozenset({"avatar", "bio", "taken over", "posts"})
ALONE = "nothing but names speaks for it, and a name alone never convicts"
WAS_THERE = "what was there before the body's own account is not said to pose as it"


@dataclass(frozen=True)
class Sign:
    """One piece of evidence beside names.

    Attributes:
        kind: Of what sort.
        told: In plain words.
    """

    kind: Kind
    told: str

    @property
    def points(self) -> float:
        """What it adds to the score."""
        return POINTS[self.kind]

    @property
    def reason(self) -> str:
        """In words, with its points."""
        return f"{self.told} ({self.points:+.2f})"


def weighed_again(said: Weighed, signs: Sequence[Sign]) -> Weighed:
    """What is said of an account when signs are added to its names.

    Sister posts, listed accounts and those that keep their platform's rule stay what they are.
    """
    if said.verdict in {"sister", "declared", "proved"} or said.labelled or not signs:
        return said
    score = round(min(max(said.score + sum(sign.points for sign in signs), 0.0), 1.0), 4)
    second = said.second_kind or any(sign.kind in SECOND_KIND for sign in signs)
    reasons = [one for one in said.reasons if one != ALONE] + [sign.reason for sign in signs]
    verdict: Literal["poses_as", "resembles"] | None = None
    if score >= THRESHOLD:
        older = any(sign.kind in OLDER for sign in signs)
        verdict = "poses_as" if second and not older else "resembles"
        if verdict == "resembles":
            reasons.append(WAS_THERE if second else ALONE)
    return replace(said, verdict=verdict, score=score, reasons=tuple(reasons), second_kind=second)


def label_lost(said: Weighed, why: str) -> Weighed:
    """An account whose label does not keep the platform's rule after all.

    Args:
        said: What was said while the label counted.
        why: The condition that is not kept.
    """
    return replace(
        said,
        labelled=False,
        verdict="resembles" if said.score >= THRESHOLD else None,
        reasons=(*said.reasons, f"its label does not keep the platform's rule: {why}", ALONE),
    )


def says_so_itself(said: Weighed, label: str) -> Weighed:
    """An account whose display name says that it is parody, fan or comment poses as nobody.

    Args:
        said: With everything counted in.
        label: The label in its name.
    """
    if said.verdict != "poses_as":
        return said
    told = f"its name says “{label}”, so it does not pose as the body; its platform asks for more"
    return replace(said, verdict="resembles", reasons=(*said.reasons, told))
