"""The defence sheet as one page: for the person concerned and for a court, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from assay.bundle.answers import answers, q_in_words
from assay.bundle.contest import Contest, Contested
from assay.bundle.history import told_run
from assay.bundle.read_me import how_to_install
from assay.bundle.sheet_evidence import against, hangs_on, not_co_timed, objects_table
from assay.engine.write import file_sha256
from assay.report.gather import shown
from assay.report.html_page import page_head, whole_page
from assay.report.markup import Markup, bdi, el, facts
from assay.report.words import NEITHER, NOT_SAID, P_MEANS, Q_MEANS, counted

PSEUDONYMS = (
    "Accounts, posts and links stand under pseudonyms, here and in the bundle. Whoever holds the "
    "key can say who is meant, and has to for this sheet to be checked against the posts "
    "themselves."
)

STYLE = Path(__file__).parent / "sheet.css"


def sheet_html(sheet: Contest) -> str:
    """The whole page: no script, nothing loaded, the same bytes every time."""
    style = STYLE.read_text(encoding="utf-8")
    head = page_head(f"Defence sheet for {shown(sheet.account.id)}", style)
    findings = [
        _finding(sheet, one, number if len(sheet.findings) > 1 else None)
        for number, one in enumerate(sheet.findings, 1)
    ]
    main = el(
        "main",
        _not_alleged(),
        findings,
        [_of_names(one) for one in sheet.of_names],
        None if findings or sheet.of_names else _nothing(),
        _figures(sheet),
        _tried(sheet),
        _check(sheet),
        _own_words(),
    )
    body = el("body", _header(sheet), main, _footer(sheet))
    return whole_page(head, body)


def _header(sheet: Contest) -> Markup:
    account, told = sheet.account, sheet.bundle.description
    name = shown(account.display_name) or shown(account.handle)
    naming = len(sheet.findings) + len(sheet.of_names)
    many = counted(naming, "finding names", "findings name")
    return el(
        "header",
        el("h1", "Defence sheet"),
        el(
            "p",
            "What an evidence bundle holds against one account, what speaks for the account, and "
            "what can be answered. Made by the same program and from the same data as the "
            "findings, for the person concerned and for whoever has to decide.",
            class_="lead",
        ),
        facts(
            [
                ("Account", bdi(shown(account.id))),
                ("Name", bdi(name) if name else None),
                ("Pseudonyms", PSEUDONYMS if sheet.manifest.get("pseudonymised") else None),
                ("In the bundle", f"{many} it; {account.shares:,} shares in the data"
                 if naming else f"no finding names it; {account.shares:,} shares in the "
                 "data"),
                ("Run by", bdi(shown(told.operator)) if told.operator else "not stated"),
                ("Their note", bdi(shown(told.note)) if told.note else None),
                ("Bundle", el("code", file_sha256(sheet.bundle.path))),
            ]
        ),
    )  # fmt: skip


def _not_alleged() -> Markup:
    return el(
        "section",
        el("h2", "What is not alleged"),
        el(
            "ul",
            [el("li", el("strong", heading), " ", text) for heading, text in NOT_SAID],
        ),
        el(
            "p",
            "A finding of timing is a statement about moments. It decides nothing about a person; "
            "people do, and they should hear the other side first.",
        ),
    )


def _nothing() -> Markup:
    return el(
        "section",
        el("h2", "What is alleged"),
        el(
            "p",
            "Nothing. The account stands in the data, and no finding of this bundle names it. To "
            "be in the data means that its posts were collected, and no more.",
            class_="box",
        ),
    )


def _of_names(finding: Mapping[str, Any]) -> Markup:
    """A finding that rests on no timing: told as it stands, with its own honest explanations."""
    return el(
        "section",
        el("h2", "What is said of its name or picture"),
        el("p", shown(str(finding["statement"])), class_="box"),
        el(
            "p",
            "This compares names, texts and pictures with those of a body in a register. It rests "
            "on no timing, so nothing can be left out here and tested again. A likeness does not "
            "say whether anybody is deceived, or meant to be.",
        ),
        el("p", f"It rests on: {shown(str(finding.get('reason')))}"),
        el("h3", "Explanations, honest ones first"),
        _weighed(finding),
        _limits(finding),
    )


def _finding(sheet: Contest, one: Contested, number: int | None) -> Markup:
    finding = one.finding
    group = len(finding["subjects"])
    title = "What is alleged" if number is None else f"Finding {number}: what is alleged"
    affiliated = str(finding.get("kind")).endswith("affiliated")
    return el(
        "section",
        el("h2", title),
        el("p", str(finding["statement"]), class_="box"),
        el(
            "p",
            f"This account is one of {counted(group, 'account')} that the sentence speaks of. "
            f"On the fixed scale the evidence that the timing is no chance is called "
            f"“{finding.get('strength')}”; that word says nothing else.",
            " The group declares openly that it belongs together." if affiliated else None,
        ),
        el("p", str(finding["reason"])),
        against(one),
        objects_table(one),
        not_co_timed(one),
        hangs_on(one),
        _explanations(one),
        _answers(sheet, one),
        _limits(finding),
    )


def _explanations(one: Contested) -> Markup:
    return el(
        "div",
        el("h3", "Explanations, honest ones first"),
        el(
            "p",
            "For the group as a whole, with what the figures say for and against each. None of "
            "them is proved or ruled out by timing alone.",
        ),
        _weighed(one.finding),
    )


def _weighed(finding: Mapping[str, Any]) -> Markup:
    return el(
        "ul",
        [
            el(
                "li",
                el("h4", str(item["name"])),
                el("p", el("strong", "For: "), str(item["speaks_for"])),
                el("p", el("strong", "Against: "), str(item["speaks_against"])),
            )
            for item in finding.get("explanations") or ()
        ],
        class_="points",
    )


def _answers(sheet: Contest, one: Contested) -> Markup:
    return el(
        "div",
        el("h3", "What this account can say"),
        el(
            "p",
            "Points that the figures raise. A dark bar marks those in which the figures themselves "
            "speak for the account; the others leave a question open that a document can settle.",
        ),
        el(
            "ul",
            [
                el(
                    "li",
                    el("h4", answer.heading),
                    el("p", answer.text),
                    class_="for" if answer.speaks_for else None,
                )
                for answer in answers(sheet, one)
            ],
            class_="points",
        ),
    )


def _limits(finding: Mapping[str, Any]) -> Markup:
    return el(
        "div",
        el("h3", "Limits that the finding itself states"),
        el("ul", [el("li", str(text)) for text in finding.get("limits") or ()]),
    )


def _figures(sheet: Contest) -> Markup:
    largest = [one.stands.largest_q for one in sheet.findings if one.stands.largest_q is not None]
    return el(
        "section",
        el("h2", "What the figures mean"),
        el(
            "ul",
            el("li", el("strong", "p. "), P_MEANS),
            el("li", el("strong", "q. "), Q_MEANS),
            el("li", el("strong", NEITHER)),
            [el("li", "The weakest row against this account: " + q_in_words(q)) for q in largest],
            el(
                "li",
                "Expected: how many meetings in time chance would bring about if every share were "
                "free to fall anywhere in its own block of time (ten windows), with the news of "
                "the hour, habits and time zones as they are.",
            ),
        ),
    )


def _tried(sheet: Contest) -> Markup:
    from assay.bundle.history import read_history

    told = sheet.bundle.description
    lines = [
        told_run(number, run)
        for number, run in enumerate(read_history(sheet.bundle.run.history), 1)
    ]
    return el(
        "section",
        el("h2", "What was tried"),
        el(
            "p",
            f"The bundle records {counted(told.runs, 'run')} with "
            f"{counted(told.settings, 'different setting')} into the same folder. Runs elsewhere "
            "leave no trace in it.",
        ),
        el("ul", [el("li", line) for line in lines]) if lines else None,
    )


def _check(sheet: Contest) -> Markup:
    name = sheet.bundle.path.name
    version = sheet.bundle.description.version
    return el(
        "section",
        el("h2", "Check it yourself"),
        el("p", "Everything on this sheet can be made again from the bundle, offline:"),
        el(
            "pre",
            el(
                "code",
                f"unzip {name} -d case && cd case && sha256sum -c SHA256SUMS\n"
                f"assay verify {name}\n"
                f"assay contest {name} --account {sheet.account.id}",
            ),
        ),
        el(
            "p",
            "The first line needs no Assay and shows that no file was changed since it was packed. "
            "Whoever says that a figure is wrong can show it with the second; it and the third "
            f"need {how_to_install(version)}. The pages in the bundle's "
            "folder method/ say how the test works and when it fails.",
        ),
    )


def _own_words() -> Markup:
    return el(
        "section",
        el("h2", "Statement of the person concerned"),
        el("div", "In your own words. Attach what shows it.", class_="write"),
        el("div", el("span", "Place and date"), el("span", "Signature"), class_="sign"),
    )


def _footer(sheet: Contest) -> Markup:
    from assay import __version__

    return el(
        "footer",
        el(
            "p",
            f"Made by Assay {__version__} from a bundle of Assay "
            f"{sheet.bundle.description.version}. This page is complete in itself, contacts no one "
            "and carries no date: the same bundle gives the same page.",
        ),
    )


def rows_of(sheet: Contest) -> Iterable[tuple[str, ...]]:
    """``evidence.csv``: every meeting of the account, one row each, with a header."""
    yield (
        "finding", "kind", "object_id", "own_post", "own_shared_at", "other_account",
        "other_post", "other_shared_at", "gap_s", "co_timed",
    )  # fmt: skip
    for one in sheet.findings:
        for thing in one.objects:
            for meeting in thing.meetings:
                yield (
                    str(one.finding["id"]),
                    thing.kind,
                    thing.id,
                    meeting.own_post,
                    meeting.own_at.isoformat(),
                    meeting.account,
                    meeting.other_post,
                    meeting.other_at.isoformat(),
                    f"{meeting.gap_s:g}",
                    "true" if meeting.co_timed else "false",
                )
