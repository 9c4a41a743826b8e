"""``comparison.json``: genuine beside suspect, as one frozen file behind each finding.

Whoever reads a report, a complaint or the evidence itself finds the same figures in it: the
account as supplied, the body as registered, each name cut where it differs, the platform's rule
with its conditions, proof, history and pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from assay.identities.compare_names import nearest, segments
from assay.identities.dossiers import Dossier
from assay.identities.register import Body, Handle, platform_name
from assay.lexicon.platform_rules import platform_rules

SCHEMA = 1


def account_comparison(dossier: Dossier) -> dict[str, Any]:
    """An account beside the body that it resembles."""
    account, body = dossier.account, dossier.body
    return {
        "schema": SCHEMA,
        "sort": "account",
        "verdict": dossier.said.verdict,
        "score": dossier.said.score,
        "reasons": list(dossier.said.reasons),
        "suspect": account._asdict(),
        "body": body_told(body),
        "genuine": _genuine(dossier),
        "names": _names(dossier),
        "proof": {
            "state": dossier.proof.state,
            "told": dossier.proof.told,
            "captures": [asdict(one) for one in dossier.proof.proofs],
        },
        "rule": _rule(dossier),
        "history": [asdict(one) | {"day": one.day.isoformat()} for one in dossier.history],
        "picture": _picture(dossier),
        "copied_posts": len(dossier.copies),
    }


def domain_comparison(row: dict[str, Any], body: Body, written: str) -> dict[str, Any]:
    """A domain beside the body's domain that it resembles.

    Args:
        row: As in ``domains.parquet``.
        body: Whose name it resembles.
        written: The domain as people see it, punycode turned back.
    """
    own = nearest(written, body.domains) if body.domains else ""
    return {
        "schema": SCHEMA,
        "sort": "domain",
        "verdict": row["verdict"],
        "score": row["score"],
        "reasons": list(row["reasons"]),
        "suspect": {"domain": row["domain"], "written": written},
        "body": body_told(body),
        "genuine": [{"domain": one} for one in body.domains],
        "names": [_cut("domain", written, own)] if own else [],
        "proof": {"state": "unproved", "told": "no capture of this site was supplied"},
    }


def body_told(body: Body) -> dict[str, Any]:
    """A body as the register has it, in JSON."""
    # Not asdict: that copies every text of a register of thousands, one by one.
    return vars(body) | {
        "handles": [_handle(one) for one in body.handles],
        "proofs": [_handle(one) for one in body.proofs],
    }


def _handle(handle: Handle) -> dict[str, str | None]:
    days = {"since": handle.since, "until": handle.until}
    return vars(handle) | {name: day.isoformat() if day else None for name, day in days.items()}


def _genuine(dossier: Dossier) -> list[dict[str, Any]]:
    """The genuine accounts: those in the data with what they say, then those only listed."""
    inside = [
        {
            "account_id": one.account_id,
            "platform": platform_name(one.platform),
            "handle": one.handle,
            "display_name": one.display_name,
            "bio": one.bio,
        }
        for one in dossier.genuine
    ]
    known = {(one["platform"], one["handle"].lstrip("@").lower()) for one in inside}
    listed = [
        {"platform": one.platform, "handle": one.handle}
        | ({"until": one.until.isoformat()} if one.until else {})
        for one in dossier.body.handles
        if (one.platform, one.handle) not in known
    ]
    return inside + listed


def _names(dossier: Dossier) -> list[dict[str, Any]]:
    account, body = dossier.account, dossier.body
    found: list[dict[str, Any]] = []
    if dossier.nameless:
        # Where a pseudonym differs from a name says nothing.
        return found
    if account.display_name:
        names = (*body.names, *(one.display_name for one in dossier.genuine if one.display_name))
        found.append(
            _cut("display name", account.display_name, nearest(account.display_name, names))
        )
    handle = account.handle.lstrip("@")
    if handle:
        found.append(_cut("handle", handle, nearest(handle, _handles(dossier) or body.names)))
    return found


def _handles(dossier: Dossier) -> Sequence[str]:
    platform = platform_name(dossier.account.platform)
    same = [one.handle for one in dossier.body.handles if one.platform in {platform, ""}]
    return same or [one.handle for one in dossier.body.handles]


def _cut(field: str, suspect: str, genuine: str) -> dict[str, Any]:
    return {
        "field": field,
        "suspect": suspect,
        "genuine": genuine,
        "segments": [asdict(one) for one in segments(suspect, genuine)],
    }


def _rule(dossier: Dossier) -> dict[str, Any] | None:
    rule = platform_rules().get(platform_name(dossier.account.platform))
    told = {
        "label": dossier.label.label,
        "keeps": dossier.label.keeps,
        "conditions": [asdict(one) for one in dossier.label.conditions],
    }
    handle = dossier.account.handle.lstrip("@")
    shown = handle and not dossier.nameless
    if rule is None:
        return told | {"platform": dossier.account.platform or "not told"}
    return told | {
        "platform": rule.name,
        "profile": rule.profile.format(handle=handle) if shown else "",
        "impersonation": asdict(rule.impersonation),
        "labels": asdict(rule.labels),
    }


def _picture(dossier: Dossier) -> dict[str, Any] | None:
    seen = dossier.picture
    if seen is None:
        return None
    return {
        "pdq": seen.hashes.pdq,
        "phash": seen.hashes.phash,
        "same": seen.match is not None,
        "told": seen.match.told if seen.match else "it is not near any of the body's logos",
    }
