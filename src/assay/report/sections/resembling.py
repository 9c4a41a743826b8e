"""The gallery: genuine beside suspect, where they differ, what speaks for it and against it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assay.report.gather import shown
from assay.report.markup import Markup, bdi, el, facts
from assay.report.resembling import Resembling
from assay.report.sections.evidence_files import evidence_files
from assay.report.sections.weighing import common_limits, explanations, limits
from assay.report.words import count, counted

OPEN_CARDS = 6
MOST_CARDS = 400
STATES = {
    "proved": "proved: it is the body's own",
    "declared": "declared: the register lists it",
    "unproved": "unproved: nothing supplied says whose it is, as with most honest accounts",
    "contradicted": "contradicted: the body's own site names others on this platform",
}
READ_SO = (
    "“Resembles” means that names are all there is; many honest accounts do. “Poses as” means that "
    "evidence of a second kind points the same way: what the bio claims, a picture, a copied bio "
    "or posts, a handle taken over. Neither says what anyone intends, and neither rests on what an "
    "account thinks or how much it posts. Whoever decides should have read the account itself."
)


def accounts_section(found: Sequence[Resembling]) -> Markup | None:
    """Accounts that pose as or resemble a body; None if there are none."""
    return _section(
        found, "resembling-accounts", "Accounts that resemble a protected body", READ_SO
    )


def domains_section(found: Sequence[Resembling]) -> Markup | None:
    """Domains that resemble a body's own; None if there are none."""
    return _section(
        found,
        "resembling-domains",
        "Domains that resemble a protected body’s",
        "Each is shown beside the body’s own domain that it is most like.",
    )


def _section(found: Sequence[Resembling], name: str, title: str, lead: str) -> Markup | None:
    if not found:
        return None
    shown_ones = found[:MOST_CARDS]
    rest = len(found) - len(shown_ones)
    common = common_limits([one.finding for one in found])
    return el(
        "section",
        el("h2", title),
        el("p", lead),
        el(
            "div",
            el("h3", "Limits of all of them"),
            el("ul", [el("li", limit) for limit in common]),
            class_="limits",
        )
        if common
        else None,
        [
            resembling_card(one, common, open_=place < OPEN_CARDS)
            for place, one in enumerate(shown_ones)
        ],
        el("p", f"{counted(rest, 'more finding')} in findings.json.", class_="left-out")
        if rest
        else None,
        id=name,
    )


def resembling_card(one: Resembling, common: list[str], *, open_: bool) -> Markup:
    """One account or domain beside what it resembles."""
    told, finding = one.comparison, one.finding
    suspect = told["suspect"]
    verdict = str(told["verdict"]).replace("_", " ")
    name = shown(suspect.get("display_name")) or shown(suspect.get("handle"))
    name = name or shown(suspect.get("written")) or shown(suspect.get("account_id"))
    return el(
        "details",
        el(
            "summary",
            el("h3", bdi(name)),
            el("span", verdict, " ", bdi(shown(told["body"]["name"])), class_="tag"),
            el("span", f"score {told['score']:.2f}", class_="tag quiet"),
        ),
        el("p", finding["statement"], class_="statement"),
        _beside(one),
        _differences(told["names"]),
        _reasons(told["reasons"]),
        _proof(told["proof"]) if one.of_account else None,
        _history(one) if one.of_account else None,
        _copies(one),
        _rule(told.get("rule")),
        explanations(finding, "Why it may be harmless, and why not"),
        None if common else limits(finding, common),
        evidence_files(finding),
        class_="card resembling",
        id=str(finding["id"]),
        open=open_,
    )


def _beside(one: Resembling) -> Markup:
    told = one.comparison
    genuine = _genuine_side(one) if one.of_account else _genuine_domains(told)
    return el("div", genuine, _suspect_side(one), class_="beside")


def _genuine_side(one: Resembling) -> Markup:
    told = one.comparison
    body = told["body"]
    known = told["genuine"]
    first = known[0] if known else {}
    return el(
        "article",
        el("p", "Genuine, by the register", class_="side-name"),
        _face(one.logo, "Logo in the register"),
        el("p", bdi(shown(first.get("display_name") or body["name"])), class_="big-name"),
        el("p", bdi(shown(_address(first))), class_="quiet") if first else None,
        el("p", bdi(shown(first["bio"])), class_="bio") if first.get("bio") else None,
        facts(
            [
                ("Kind", body.get("kind")),
                ("Other official accounts", _joined(map(_address, known[1:6]))),
                ("Domains", _joined(body.get("domains", ())[:5])),
            ]
        ),
    )


def _genuine_domains(told: dict[str, Any]) -> Markup:
    names = told["names"]
    return el(
        "article",
        el("p", "Genuine, by the register", class_="side-name"),
        el("p", bdi(shown(names[0]["genuine"])), class_="big-name") if names else None,
        el("p", bdi(shown(told["body"]["name"])), class_="quiet"),
    )


def _suspect_side(one: Resembling) -> Markup:
    told = one.comparison
    suspect = told["suspect"]
    marked = {name["field"]: marked_name(name["segments"]) for name in told["names"]}
    big = marked.get("display name") or marked.get("domain") or marked.get("handle")
    handle = marked.get("handle") if "display name" in marked else None
    platform = suspect.get("platform", "")
    made = str(suspect.get("created_at") or "")[:10]
    return el(
        "article",
        el("p", "As supplied", class_="side-name"),
        _face(one.picture, "Picture of the account"),
        el("p", big or bdi(shown(suspect.get("account_id"))), class_="big-name"),
        el("p", f"{shown(platform)}:" if platform else "", handle, class_="quiet")
        if handle
        else None,
        el("p", bdi(shown(suspect["domain"])), class_="quiet")
        if suspect.get("domain") not in (None, suspect.get("written"))
        else None,
        el("p", bdi(shown(suspect["bio"])), class_="bio") if suspect.get("bio") else None,
        facts(
            [
                ("Account id", bdi(shown(suspect["account_id"])) if one.of_account else None),
                ("Made on", made or None),
                ("Links to", bdi(shown(suspect["url"])) if suspect.get("url") else None),
                ("Picture", (told.get("picture") or {}).get("told")),
            ]
        ),
    )


def _face(data: str, label: str) -> Markup | None:
    return el("img", src=data, alt=label, width=96, height=96, class_="face") if data else None


def _address(account: dict[str, Any]) -> str:
    until = f" (until {account['until']})" if account.get("until") else ""
    return ":".join(filter(None, (account.get("platform"), account.get("handle")))) + until


def _joined(texts: Any) -> list[Any] | None:
    found: list[Any] = []
    for text in texts:
        found += [bdi(shown(text)), ", "]
    return found[:-1] or None


def marked_name(segments: Sequence[dict[str, Any]]) -> Markup:
    """A name with its differences marked; what is missing stands as a gap."""
    parts: list[Any] = []
    for one in segments:
        text = shown_signs(one["text"])
        if one["sort"] == "same":
            parts.append(text)
        else:
            tag = "del" if one["sort"] == "missing" else "mark"
            parts.append(el(tag, text, title=one["told"], class_=f"differs {one['sort']}"))
    return el("bdi", parts)


def shown_signs(text: str) -> str:
    """As :func:`shown`, blanks at the ends kept: a name is cut in the middle."""
    inner = shown(f"|{text}|")
    return inner[1:-1]


def _differences(names: Sequence[dict[str, Any]]) -> Markup | None:
    rows = [
        el("li", el("span", f"{name['field']}: ", class_="quiet"), segment["told"])
        for name in names
        for segment in name["segments"]
        if segment["told"]
    ]
    if not rows:
        return None
    return el("div", el("h4", "Where the names differ"), el("ul", rows, class_="differences"))


def _reasons(reasons: Sequence[str]) -> Markup:
    """Each reason; its points, at its end in brackets, stand before it."""
    items = []
    for reason in reasons:
        told, points = reason, ""
        if reason.endswith(")") and reason[-7:-5] in {"(+", "(-"}:
            told, points = reason[:-8].rstrip(), reason[-6:-1]
        items.append(el("li", el("span", points, class_="points"), el("span", bdi(shown(told)))))
    return el("div", el("h4", "Reasons, with their points"), el("ul", items, class_="reasons"))


def _proof(proof: dict[str, Any]) -> Markup:
    state = str(proof["state"])
    return el(
        "div",
        el("h4", "Whose account it is"),
        el("p", el("span", STATES.get(state, state), class_=f"proof {state}")),
        el("p", bdi(shown(proof["told"])), class_="quiet"),
    )


def _history(one: Resembling) -> Markup | None:
    seen = one.comparison.get("history") or []
    if not seen:
        return None
    suspect = one.comparison["suspect"]
    made = str(suspect.get("created_at") or "")[:10]
    steps = [(made, "made", "")] if made else []
    last: tuple[str, str] | None = None
    for name in seen:
        now = name["handle"], name["display_name"]
        if now != last:
            steps.append((name["day"], "seen as", " · ".join(filter(None, now))))
            last = now
    steps.append(
        ("", "now", " · ".join(filter(None, (suspect["handle"], suspect["display_name"]))))
    )
    items = [
        el(
            "li",
            el("span", day or "in the data", class_="when"),
            el("span", what, " ", el("strong", bdi(shown(name))) if name else None),
        )
        for day, what, name in steps
    ]
    return el("div", el("h4", "What it was called"), el("ol", items, class_="name-line"))


def _copies(one: Resembling) -> Markup | None:
    if not one.copies:
        return None
    return el(
        "div",
        el("h4", f"Posts that repeat earlier ones word for word ({count(one.copied)})"),
        [
            el(
                "div",
                el("article", el("header", "Genuine, ", el("span", row["original_at"][:19])),
                   el("p", bdi(shown(row["original_post_id"])), class_="address")),
                el("article", el("header", "Later, ", el("span", row["at"][:19])),
                   el("p", bdi(shown(row["text"])[:600]), class_="post"),
                   el("p", bdi(shown(row["post_id"])), class_="address")),
                class_="sides",
            )
            for row in one.copies
        ],
    )  # fmt: skip


def _rule(rule: dict[str, Any] | None) -> Markup | None:
    if not rule or not rule.get("impersonation"):
        return None
    conditions = [
        el(
            "li",
            el("span", {True: "yes", False: "no", None: "not known"}[one["met"]], class_="tag"),
            " ",
            one["told"],
            "" if one["needed"] else " (advised)",
        )
        for one in rule["conditions"]
    ]
    return el(
        "details",
        el("summary", f"What {rule['platform']} asks for"),
        _quoted(rule["impersonation"]),
        _quoted(rule["labels"]) if rule["labels"]["quote"] else None,
        el("p", "Conditions for parody, fan and commentary accounts, held against this profile:"),
        el("ul", conditions, class_="conditions"),
        class_="fold",
    )


def _quoted(rule: dict[str, Any]) -> Markup:
    return el(
        "blockquote",
        el("p", f"“{rule['quote']}”"),
        el("p", f"{rule['title'] + ', ' if rule['title'] else ''}{rule['dated']}; "
           f"{rule['source']}", class_="quiet"),
    )  # fmt: skip
