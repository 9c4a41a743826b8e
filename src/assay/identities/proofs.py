"""Whether an account is the body's own: proved, declared, unproved or contradicted.

*Proved*: a capture of the body's own site names it, or the platform itself vouches for it where its
badge does so. *Declared*: the register lists it, or the site links to it without saying more.
*Contradicted*: the site names other accounts on this platform, and not this one. *Unproved* is the
rest, and no reproach: most honest accounts prove nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from assay.identities.captures import Proof
from assay.identities.register import Body, platform_name
from assay.identities.weigh import Account
from assay.lexicon.platform_rules import platform_rules

State = Literal["proved", "declared", "unproved", "contradicted"]
BY_DID = frozenset({"atproto-did", "DNS TXT"})


@dataclass(frozen=True)
class ProofState:
    """What is known of an account's belonging to a body.

    Attributes:
        state: See the module.
        told: Why, in plain words.
        proofs: Captures that say so.
        by_did: Whether one of them names the account itself, and not only a handle, which may
            change hands.
    """

    state: State
    told: str
    proofs: tuple[Proof, ...] = ()
    by_did: bool = False


def proofs_of(bodies: Sequence[Body], captures: Iterable[Proof]) -> dict[int, list[Proof]]:
    """Proofs by the place of the body whose own sites they were captured from.

    Args:
        bodies: The register.
        captures: All proofs read; those of sites that are no body's are left out.
    """
    owners: dict[str, list[int]] = defaultdict(list)
    for place, body in enumerate(bodies):
        for domain in dict.fromkeys(body.domains):
            owners[domain].append(place)
    found: dict[int, list[Proof]] = defaultdict(list)
    for proof in captures:
        names = proof.site.split(".")
        within = (".".join(names[first:]) for first in range(len(names)))
        for place in dict.fromkeys(chain.from_iterable(owners.get(one, ()) for one in within)):
            found[place].append(proof)
    return found


def proof_state(account: Account, body: Body, own: Sequence[Proof]) -> ProofState:
    """Hold an account against the register and the captures of the body's own sites.

    Args:
        account: The account.
        body: The body that it may belong to.
        own: Proofs captured from that body's sites (:func:`proofs_of`).
    """
    named = [one for one in own if _names(one, account)]
    strong = [one for one in named if one.how != "link"]
    if strong:
        by_did = any(one.how in BY_DID and one.handle == _did(account) for one in strong)
        return ProofState("proved", strong[0].told, tuple(strong), by_did)
    platform, handle = platform_name(account.platform), account.handle.lstrip("@").lower()
    if handle and any(one.handle == handle and one.platform in {platform, ""}
                      for one in body.proofs):  # fmt: skip
        return ProofState("proved", "the register says that the body's own site proves it")
    rule = platform_rules().get(platform)
    if account.verified and rule is not None and rule.verification == "official":
        return ProofState("proved", f"{rule.name}'s badge says that it is official")
    others = [one for one in own if one.platform == platform and one.how != "link"]
    if others and not named:
        return ProofState(
            "contradicted",
            "; ".join(one.told for one in others[:3]) + ", and not this account",
            tuple(others),
        )
    if named:
        return ProofState("declared", f"{named[0].told}; a link alone may mean others", (named[0],))
    if handle and any(
        one.handle == handle and one.platform in {platform, ""} for one in body.handles
    ):
        return ProofState("declared", "the register lists it")
    badge = "; its platform's badge is no proof" if account.verified else ""
    return ProofState("unproved", "neither register nor captures name it" + badge)


def _names(proof: Proof, account: Account) -> bool:
    if proof.platform != platform_name(account.platform):
        return False
    handle = account.handle.lstrip("@").lower()
    if proof.how in BY_DID:
        did = _did(account)
        # The handle is the site's own name; where the data tell the DID, it has to be that one.
        return did == proof.handle if did else handle == proof.site
    return handle == proof.handle


def _did(account: Account) -> str:
    told = account.account_id.removeprefix("bluesky:")
    return told if told.startswith("did:") else ""
