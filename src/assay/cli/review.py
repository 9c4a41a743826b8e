"""``assay review``: one claim after another, accepted, corrected or rejected by a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assay.cli.options import plain, print_json

if TYPE_CHECKING:
    from assay.documents.corrections import Judged
    from assay.model.record_folder import RecordFolder

_KEYS = {"a": "accepted", "c": "corrected", "r": "rejected"}


@click.command()
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--by", metavar="NAME", help="Who reviews; written beside every word.")
@click.option("--document", "documents", multiple=True, help="Only this document (repeatable).")
@click.option("--slot", "slots", multiple=True, help="Only values of this slot (repeatable).")
@click.option("--again", is_flag=True, help="Also go through what was judged before.")
@click.option(
    "--join",
    "joins",
    nargs=2,
    multiple=True,
    metavar="A B",
    help="Make one event of two, each named by its id or a telling, DOCUMENT:M1 (repeatable).",
)
@click.option(
    "--split",
    "splits",
    multiple=True,
    metavar="DOCUMENT:M1",
    help="Take a telling out of its event (repeatable).",
)
@click.option("--events", "by_event", is_flag=True, help="Go through events instead of values.")
@click.option("--json", "as_json", is_flag=True, help="Print what was said so far as JSON.")
def review(
    out: Path,
    by: str | None,
    documents: tuple[str, ...],
    slots: tuple[str, ...],
    again: bool,
    joins: tuple[tuple[str, str], ...],
    splits: tuple[str, ...],
    by_event: bool,
    as_json: bool,
) -> None:
    """Go through the values of a record: accept, correct or reject each one.

    OUT is the folder that `assay read … -o OUT` wrote. What you say goes to OUT/corrections.jsonl
    with your name and the time, line by line; what was read is never changed. Two people can
    review at once. After another `assay read` every word is laid upon its claim again, by the
    words of the text. Keys: a accepts, c corrects, r rejects, s skips, q stops.

    Which documents tell of one act is decided by rules, and you can decide otherwise: --join and
    --split, or --events to go through them. What you choose goes to OUT/choices.jsonl, the record
    is written again at once, and the choice holds for every later `assay read`.
    """
    from assay.cli.review_events import choose, events_as_dicts, go_through_events
    from assay.documents.review import Wanted, open_review
    from assay.errors import UsageError
    from assay.model.record_folder import RecordFolder

    folder = RecordFolder(out)
    if as_json and by_event:
        print_json(events_as_dicts(folder))
        return
    if as_json and not (joins or splits):
        found = open_review(folder, Wanted(documents, slots))
        print_json([_as_dict(one) for one in found.judged])
        return
    if not by or not by.strip():
        raise UsageError("nobody is named", fix="say who you are with --by NAME")
    if joins or splits:
        choose(folder, joins, splits, by.strip())
        if as_json:
            print_json(events_as_dicts(folder))
        return
    if by_event:
        go_through_events(folder, by.strip())
        return
    found = open_review(folder, Wanted(documents, slots, by.strip(), again))
    if found.damaged:
        click.echo(f"{found.damaged} lines of corrections.jsonl cannot be read and are passed over")
    lost = sum(one.found_by == "lost" for one in found.judged)
    if lost:
        click.echo(f"{lost} claims judged before are no longer read; their words are kept")
    for number, claim in enumerate(found.claims, start=1):
        if not _one(folder, claim, by, f"{number} of {len(found.claims)}"):
            break
    click.echo(f"{len(found.claims)} claims were open; {folder.corrections} holds what was said")


def _one(folder: RecordFolder, claim: Mapping[str, Any], by: str, place: str) -> bool:
    """Show a claim and take down what is said of it; False to stop."""
    from assay.documents.corrections import append_correction, correction
    from assay.documents.review import context_of

    before, exact, after = context_of(folder, claim)
    click.echo()
    click.echo(click.style(f"{place}  {claim['document']}", dim=True))
    if exact:
        words = click.style(plain(exact), bold=True, underline=True)
        click.echo(f"…{plain(before)}{words}{plain(after)}…")
    hedge = f", hedged “{plain(claim['hedge'])}”" if claim["hedge"] else ""
    word = f", says {plain(', '.join(claim['asserted_by']))}" if claim["asserted_by"] else ""
    inferred = "" if claim["in_text"] else ", inferred"
    click.echo(
        f"{claim['subject']} {claim['slot']} = "
        f"{click.style(plain(claim['value']), bold=True)}{hedge}{word}{inferred}"
    )
    if claim["how"]:
        click.echo(click.style(f"  {plain(claim['how'])}", dim=True))
    key = click.prompt(
        "a accept, c correct, r reject, s skip, q stop",
        type=click.Choice([*_KEYS, "s", "q"]),
        show_choices=False,
    )
    if key == "q":
        return False
    if key == "s":
        return True
    value = click.prompt("right value") if key == "c" else None
    why = click.prompt("why (may stay empty)", default="", show_default=False) if key != "a" else ""
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    said = correction(claim, _KEYS[key], by=by, at=at, told=(value, why))
    append_correction(folder.corrections, said)
    return True


def _as_dict(judged: Judged) -> dict[str, Any]:
    return {
        "claim_id": judged.claim_id,
        "found_by": judged.found_by,
        "verdict": judged.verdict,
        "value": judged.value,
        "disputed": judged.disputed,
        "said": [
            {
                "verdict": one.verdict,
                "value": one.value,
                "by": one.by,
                "at": one.at,
                "why": one.why,
                "exact": one.claim["exact"],
                "slot": one.claim["slot"],
                "document": one.claim["document"],
            }
            for one in judged.corrections
        ],
    }
