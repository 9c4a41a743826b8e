"""All that is known of an account that resembles a body, put side by side before a verdict stands.

Names come first (:mod:`assay.identities.impersonation`); here pictures, bios, posts, histories and
captures are added, for those few accounts only that names led to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from assay.identities.captures import Proof
from assay.identities.compile import Compiled
from assay.identities.copies import Copy, bio_sign, copied_posts, posts_sign
from assay.identities.histories import SeenName, day_of, history_signs, older_sign, taken_over
from assay.identities.judged import Judged
from assay.identities.labels import LabelTest, label_of
from assay.identities.pictures import Pictures, PictureSeen
from assay.identities.proofs import ProofState, proof_state, proofs_of
from assay.identities.register import Body, platform_name
from assay.identities.signs import Sign, label_lost, says_so_itself, weighed_again
from assay.identities.weigh import Account, Verdict, Weighed

OWN = frozenset({"proved", "declared"})
"""Verdicts and states of proof that make an account the body's own."""
LISTED = 0.55
"""Points of a handle that the register lists: it is written like the body's name."""


@dataclass(frozen=True)
class Supplied:
    """What was supplied beside accounts and register.

    Attributes:
        today: The day that handles' dates and ages are held against.
        captures: Proofs read from captured sites.
        histories: Names by account id, oldest first.
        pictures: Pictures of accounts and logos of bodies; None where there are none.
        posts: The dataset's posts; None where there are none.
    """

    today: date
    captures: Sequence[Proof] = ()
    histories: Mapping[str, Sequence[SeenName]] = field(default_factory=dict)
    pictures: Pictures | None = None
    posts: Path | None = None


@dataclass(frozen=True)
class Known:
    """What a whole register and table tell, by the body's place or the account's id.

    Attributes:
        proofs: Captured from each body's own sites.
        genuine: Accounts in the data that are each body's own.
        copies: Posts of each account that repeat a genuine one's.
    """

    proofs: Mapping[int, Sequence[Proof]]
    genuine: Mapping[int, Sequence[Account]]
    copies: Mapping[str, Sequence[Copy]]


@dataclass(frozen=True)
class Dossier:
    """One account beside one body.

    Attributes:
        account: As the table tells it.
        body: Of the register.
        said: Verdict, score and reasons, with everything counted in.
        proof: Whether the account is the body's own.
        label: Its label of parody or fan, held against the platform's rule.
        signs: Evidence beside names.
        genuine: Accounts in the data that the register lists or a capture proves for the body.
        history: Names under which the account was seen, oldest first.
        picture: Its picture beside the logos; None where there is none.
        copies: Posts that repeat earlier ones of the genuine account.
        nameless: Whether pseudonyms stand for the account's names.
    """

    account: Account
    body: Body
    said: Weighed
    proof: ProofState
    label: LabelTest
    signs: tuple[Sign, ...] = ()
    genuine: tuple[Account, ...] = ()
    history: tuple[SeenName, ...] = ()
    picture: PictureSeen | None = None
    copies: tuple[Copy, ...] = ()
    nameless: bool = False


def build_dossiers(
    judged: Iterable[Sequence[Judged]], register: Compiled, supplied: Supplied
) -> Iterator[list[Dossier]]:
    """Follow up what names led to, piece by piece.

    Args:
        judged: Pieces of accounts with what names, bio and links say of them; gone through thrice.
        register: The register.
        supplied: What else is known.

    Yields:
        For each piece the accounts of which something is said now, verdict or label, in order.
    """
    proofs = proofs_of(register.bodies, supplied.captures)
    genuine = _genuine(judged, register, proofs, supplied.today)
    known = Known(proofs, genuine, _copies(judged, genuine, supplied))
    for piece in judged:
        found = [_dossier(account, said, register, supplied, known) for account, said in piece]
        yield [one for one in found if one.said.verdict is not None or one.said.labelled]


def _genuine(
    judged: Iterable[Sequence[Judged]],
    register: Compiled,
    proofs: Mapping[int, Sequence[Proof]],
    today: date,
) -> Mapping[int, Sequence[Account]]:
    """Accounts in the data that are a body's own, by its place."""
    found: dict[int, list[Account]] = defaultdict(list)
    for piece in judged:
        for account, said in piece:
            body = register.bodies[said.body]
            proof = proof_state(account, body, proofs.get(said.body, ()))
            own = said.verdict in OWN or proof.state in OWN
            if own and not _retired(account, body, proof, today):
                found[said.body].append(account)
    return found


def _copies(
    judged: Iterable[Sequence[Judged]],
    genuine: Mapping[int, Sequence[Account]],
    supplied: Supplied,
) -> Mapping[str, Sequence[Copy]]:
    if supplied.posts is None:
        return {}
    owners = {body: [one.account_id for one in accounts] for body, accounts in genuine.items()}
    known = {account for accounts in owners.values() for account in accounts}
    suspects = {
        account.account_id: said.body
        for piece in judged
        for account, said in piece
        if account.account_id not in known and said.verdict != "sister"
    }
    return copied_posts(supplied.posts, suspects, owners)


def _dossier(
    account: Account,
    said: Weighed,
    register: Compiled,
    supplied: Supplied,
    known: Known,
) -> Dossier:
    body = register.bodies[said.body]
    proof = proof_state(account, body, known.proofs.get(said.body, ()))
    genuine = tuple(
        one for one in known.genuine.get(said.body, ()) if one.account_id != account.account_id
    )
    known_names = supplied.histories.get(account.account_id, ())
    history = tuple(one for one in known_names if one.day <= supplied.today)
    copies = tuple(known.copies.get(account.account_id, ()))
    blank = Dossier(account, body, said, proof, label_of(account), (), genuine, history)
    taken: list[Sign] = []
    if _retired(account, body, proof, supplied.today):
        until = _until(account, body)
        sign = taken_over(account, until)
        if sign is None:
            told = f"the register lists it as official until {until}"
            return replace(blank, proof=ProofState("declared", told))
        blank = _of_another(blank, sign)
        said, proof, taken = blank.said, blank.proof, [sign]
    if proof.state in OWN and said.verdict != "sister":
        verdict: Verdict = "proved" if proof.state == "proved" else "declared"
        # Whatever label it bears: an account that the body's own site names poses as nobody.
        own = replace(said, verdict=verdict, score=0.0, reasons=(proof.told,), labelled=False)
        return replace(blank, said=own)
    if said.verdict == "sister":
        return blank
    return _weighed_by_signs(blank, taken, supplied, copies)


def _weighed_by_signs(
    blank: Dossier, taken: Sequence[Sign], supplied: Supplied, copies: tuple[Copy, ...]
) -> Dossier:
    """An account that nothing shows to be the body's own, with all that speaks for and against it.

    Args:
        blank: What its name and the register say.
        taken: What is known of a handle that was the body's before.
        supplied: What beyond names was supplied.
        copies: Its posts that repeat the body's.
    """
    account, said = blank.account, blank.said
    picture = supplied.pictures.seen(account, said.body) if supplied.pictures else None
    same_avatar = None if picture is None else picture.match is not None
    label = label_of(account, same_avatar=same_avatar)
    signs = [*taken, *_signs(blank, supplied, picture, copies)]
    if said.labelled and not label.keeps:
        lacks = [one.told for one in label.conditions if one.needed and one.met is False]
        said = label_lost(said, "it is not so that " + ", or that ".join(lacks))
    weighed = weighed_again(said, signs)
    if label.in_name and label.label is not None:
        weighed = says_so_itself(weighed, label.label)
    return replace(
        blank,
        said=weighed,
        label=label,
        signs=tuple(signs),
        picture=picture,
        copies=copies,
    )


def _signs(
    dossier: Dossier, supplied: Supplied, picture: PictureSeen | None, copies: Sequence[Copy]
) -> list[Sign]:
    account = dossier.account
    signs: list[Sign | None] = []
    if picture is not None and picture.match is not None:
        signs.append(Sign("avatar", f"its picture is the body's: {picture.match.told}"))
    signs.append(bio_sign(account.bio, (one.bio for one in dossier.genuine)))
    signs.append(posts_sign(copies))
    signs += history_signs(
        account, dossier.history, supplied.today, first_seen=day_of(account.first_seen)
    )
    own_name = dossier.said.own_name
    signs.append(older_sign(account, dossier.genuine, dossier.history, own_name=own_name))
    if dossier.proof.state == "contradicted":
        signs.append(Sign("proof", dossier.proof.told))
    return [one for one in signs if one is not None]


def _until(account: Account, body: Body) -> date | None:
    handle, platform = account.handle.lstrip("@").lower(), platform_name(account.platform)
    listed = [
        one for one in body.handles if one.handle == handle and one.platform in {platform, ""}
    ]
    return listed[0].until if listed else None


def _retired(account: Account, body: Body, proof: ProofState, today: date) -> bool:
    """Whether its handle was official once; an account known by its DID may have taken it again."""
    until = _until(account, body)
    return until is not None and until < today and not proof.by_did


def _of_another(dossier: Dossier, sign: Sign) -> Dossier:
    """An abandoned handle on an account that is younger: it counts as any name does, from here on.

    Args:
        dossier: Of the account, with what names say of it.
        sign: That somebody took the handle.
    """
    keeps = dossier.label.keeps
    reasons = [f"the handle is one that the register lists (+{LISTED:.2f})"]
    reasons += [f"it calls itself “{dossier.label.label}” as the platform asks"] if keeps else []
    said = replace(dossier.said, verdict=None, score=LISTED, reasons=tuple(reasons), labelled=keeps)
    return replace(dossier, said=said, proof=ProofState("unproved", sign.told))
