"""Bring the catalogues up to date with the public pages (``make messages``).

What the pages and letters say is found where it stands: in their templates, in the sentences of the
program, and in its words for states and fields. What a catalogue says already is kept.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import write_po
from jinja2 import Environment, FileSystemLoader
from jinja2.ext import babel_extract
from jinja2.meta import find_referenced_templates

from assay.cases.given import TOLD_STEPS
from assay.cases.transparency import transparency_rows
from assay.model.case import STATES
from assay.web import words
from assay.web import words_outside as outside
from assay.web.incoming import FIELDS
from assay.web.languages import CATALOGUES, ENGLISH, LANGUAGES, catalogue
from assay.web.pages import SPOKEN, TEMPLATES

SOURCES = Path(__file__).resolve().parents[2] / "src" / "assay"
LETTERS = (
    "receipt",
    "confirm_address",
    "incomplete",
    "hearing",
    "decision_sender",
    "decision_concerned",
    "appeal_receipt",
    "appeal_decision",
    "new_link",
    "misuse",
)
"""The letters to the parties; the others go to people whom the house knows, or complains to."""
SHOWN = (
    "answer",
    "automation",
    "ground",
    "ground_explanation",
    "ground_reference",
    "grounds",
    "measure",
    "reasons_facts",
    "refusal",
    "sender_public",
    "summary",
    "supplied",
)
"""The fields beside a notice's own that the follow page and the register name."""
PUBLISHED = ("publish", "correct", "withdraw")
"""The steps of an entry and of an opinion that everyone reads."""
OPTIONS = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}


def templates() -> set[str]:
    """Every template of the public pages and letters, with what they take in."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), extensions=["jinja2.ext.i18n"])
    waiting = [f"{name}.html" for name in SPOKEN] + [f"letters/{name}.txt" for name in LETTERS]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        found.add(name)
        assert environment.loader is not None
        tree = environment.parse(environment.loader.get_source(environment, name)[0])
        waiting += [one for one in find_referenced_templates(tree) if one and one not in found]
    return found


def messages() -> Iterator[tuple[str, str]]:
    """Everything that the public pages say in English, and in which file."""
    for name in sorted(templates()):
        with (TEMPLATES / name).open("rb") as file:
            for _, _, text, _ in babel_extract(file, ("_", "gettext"), (), OPTIONS):
                assert isinstance(text, str), (name, text)
                yield text, f"web/templates/{name}"
    for path in sorted(SOURCES.rglob("*.py")):
        code = path.read_bytes()
        if b"Sentence(" in code:
            for _, text, _, _ in extract("python", io.BytesIO(code), {"Sentence": None}):
                assert isinstance(text, str), (path, text)
                yield text, path.relative_to(SOURCES).as_posix()
    yield from ((text, "web/words.py") for text in vocabulary())


def vocabulary() -> Iterator[str]:
    """The words for kinds, states, steps, fields and figures that people outside read."""
    for group in (words.NOTICES, words.NOTICE_QUESTIONS, words.OUTCOMES, words.GROUNDS, words.AIMS):
        yield from group.values()
    for kind in ("notice", "appeal", "misuse"):
        yield from (words.PARTY_STATES[state] for state in STATES[kind])
    for kind in ("register", "assessment"):
        yield from (words.STATES[state] for state in STATES[kind])
    yield from (words.DONE[step] for steps in TOLD_STEPS.values() for step in steps)
    yield from (words.DONE[step] for step in PUBLISHED)
    yield from (words.FIELDS[name] for name in (*FIELDS, *SHOWN))
    for group in (
        outside.COMPLAINANTS,
        outside.RECIPIENTS,
        outside.CHANNELS,
        outside.DUE_BY,
        outside.ANSWERS,
        outside.AWAITED,
        outside.RERUNS,
        outside.CONCLUSIONS,
        outside.JUDGED,
        words.GROUPS,
    ):
        yield from group.values()
    for row in transparency_rows([], [], {}):
        yield from (text for text in (row.section, row.indicator, row.note) if text)


def source() -> Catalog:
    """All messages, each with the files that it stands in."""
    made = Catalog()
    for text, file in messages():
        known = made.get(text)
        if known is None or (file, 0) not in known.locations:
            made.add(text, locations=[(file, 0)])
    return made


def write(code: str) -> Path:
    """Write one catalogue again, with what is new in it empty and without what is gone."""
    path = CATALOGUES / f"{code}.po"
    made = catalogue(code) if path.exists() else Catalog(locale=code)
    made.update(source(), no_fuzzy_matching=True, update_creation_date=False)
    made.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, made, width=100, omit_header=False, sort_output=True, include_lineno=False)
    return path


if __name__ == "__main__":
    for one in LANGUAGES:
        if one is not ENGLISH:
            click.echo(f"wrote {write(one.code)}")
