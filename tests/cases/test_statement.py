"""The statement for the Transparency Database: complete, by its rules, and nothing personal."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.cases.personal import personal_in
from assay.cases.refused import Refused
from assay.cases.statement import PREFIX, faults_in, faults_of_statement, statement_of
from assay.errors import UsageError
from assay.lexicon.dsa_statement import enumeration, statement_parts
from assay.model.case import Record
from tests.cases.made import ANNA, BEN, Desk, act
from tests.conftest import REPOSITORY

SHARED = REPOSITORY / ".." / "shared"
STATEMENT = {
    "decision_facts": "The account used the name and picture of a public body.",
    "ground": "Rule 4",
    "explanation": "Rule 4 forbids to pass for a public body.",
    "category": "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
    "content_type": "CONTENT_TYPE_TEXT\nCONTENT_TYPE_IMAGE",
    "content_date": "2026-01-20",
    "application_date": "2026-02-02",
    "source_type": "SOURCE_ARTICLE_16",
    "automated_detection": "No",
    "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
    "decision_account": "DECISION_ACCOUNT_SUSPENDED",
    "category_specification": "KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING",
    "territorial_scope": "DE\nFR",
}


def fields(**other: str) -> dict[str, str]:
    """The parts of a statement as a form brings them; an empty text leaves one out."""
    parts = {**STATEMENT, **other}
    return {PREFIX + name: text for name, text in parts.items() if text}


def payload(**other: Any) -> dict[str, Any]:
    made = prepared()
    return {
        name: value for name, value in {**statement_of(made), **other}.items() if value is not None
    }


def prepared(**other: str) -> Record:
    desk = Desk()
    what = act("prepare_statement", fields=fields(**other))
    return desk.do(desk.restricted_by_two(), what, BEN)


def test_a_decided_restriction_becomes_what_the_database_takes() -> None:
    notice = prepared()
    assert statement_of(notice) == {
        "puid": notice.id,
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_ground": "Rule 4",
        "incompatible_content_explanation": "Rule 4 forbids to pass for a public body.",
        "content_type": ["CONTENT_TYPE_TEXT", "CONTENT_TYPE_IMAGE"],
        "category_specification": ["KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING"],
        "territorial_scope": ["DE", "FR"],
        **{
            name: STATEMENT[name]
            for name in (
                "decision_facts",
                "category",
                "content_date",
                "application_date",
                "source_type",
                "automated_detection",
                "automated_decision",
                "decision_account",
            )
        },
    }


def test_the_ground_names_its_two_parts() -> None:
    notice = prepared()
    illegal = replace(notice, fields={**notice.fields, "ground": "ILLEGAL_CONTENT"})
    told = statement_of(illegal)
    assert told["illegal_content_legal_ground"] == "Rule 4"
    assert told["illegal_content_explanation"] == STATEMENT["explanation"]
    assert not any(name.startswith("incompatible") for name in told)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        *((name, None, "please answer") for name in ("decision_facts", "category", "content_type")),
        *((name, None, "please answer") for name in ("content_date", "application_date")),
        *((name, None, "please answer") for name in ("source_type", "automated_detection")),
        ("automated_decision", None, "please answer"),
        ("incompatible_content_ground", None, "please answer"),
        ("incompatible_content_explanation", None, "please answer"),
        ("decision_account", None, "at least one"),
        ("puid", "a b", "letters"),
        ("puid", "a" * 501, "letters"),
        ("decision_ground", "DECISION_GROUND_TASTE", "names no ground"),
        ("decision_facts", "x" * 5001, "5000 at most"),
        ("incompatible_content_ground", "x" * 501, "500 at most"),
        ("incompatible_content_explanation", "x" * 2001, "2000 at most"),
        ("content_type", ["CONTENT_TYPE_OTHER"], "please answer"),
        ("content_type", "CONTENT_TYPE_TEXT", "no value of the list"),
        ("content_type_other", "a game", "only where"),
        ("decision_visibility", ["DECISION_VISIBILITY_OTHER"], "please answer"),
        ("decision_monetary", "DECISION_MONETARY_OTHER", "please answer"),
        ("category_specification", ["KEYWORD_OTHER"], "please answer"),
        ("category", "STATEMENT_CATEGORY_GOSSIP", "no value of the list"),
        ("territorial_scope", ["US"], "no value of the list"),
        ("content_date", "20 January", "no date"),
        ("end_date_account_restriction", "2026-02-30", "no date"),
        ("content_language", "german", "ISO 639-1"),
        ("decision_ground_reference_url", "the terms", "no web address"),
        ("account_type", "ACCOUNT_TYPE_BUSINESS ", "no value of the list"),
    ],
)
def test_every_rule_of_the_database(name: str, value: Any, told: str) -> None:
    faults = faults_in(payload(**{name: value}))
    assert any(told in text for text in faults.values()), faults
    assert len(faults) == 1, faults


@pytest.mark.parametrize(
    ("name", "most"),
    [(part.name, part.most) for part in statement_parts() if part.most and part.begins],
)
def test_a_text_may_be_as_long_as_the_database_takes(name: str, most: int) -> None:
    assert statement_of(prepared(**{name: "x" * most}))


def test_an_other_with_its_words_is_complete() -> None:
    other = {"content_type": "CONTENT_TYPE_OTHER", "content_type_other": "A game"}
    assert statement_of(prepared(**other))["content_type_other"] == "A game"


@pytest.mark.parametrize(
    "personal",
    [
        "A. Sender asked for it.",
        "It was Sender who asked.",
        "Write to sender@example.org.",
        "See https://social.example/imitator there.",
        "The account @imitator did it.",
        "The account Imitator did it.",
        "See www.somewhere.example there.",
        "Ring +49 30 1234567 now.",
        "Marie Müller is meant.",
        "It was MULLER.",
    ],
)
def test_what_the_record_names_is_refused_by_the_workflow(personal: str) -> None:
    desk = Desk()
    notice = desk.restricted_by_two()
    typed = fields(decision_facts=personal) | {"keep_out": "Marie Müller\nthe door keeper"}
    with pytest.raises(Refused, match="must not be read by everyone") as caught:
        desk.do(notice, act("prepare_statement", fields=typed), ANNA)
    assert set(caught.value.lacking) == {"dsa_decision_facts"}


def test_everyday_words_of_a_name_are_no_names() -> None:
    notice = Desk().triaged(sender_name="Ministry of the Doors")
    assert personal_in("a ministry sent this, and doors were shut", notice) == []
    assert personal_in("the Ministry of the doors", notice) == ["Ministry of the Doors"]


def test_a_public_body_may_be_named() -> None:
    basis = {"legal_basis": "Act 1", "order_reference": "7"}
    notice = Desk().triaged("government_order", sender_name="Ministry of Doors", **basis)
    assert personal_in("Ministry of Doors", notice) == []
    assert personal_in("sender@example.org", notice) != []


WORD = st.text(st.characters(categories=("Lu", "Ll")), min_size=4, max_size=12)


@given(
    WORD, WORD, st.sampled_from(("", "because ", "(")), st.sampled_from(("", ".", ", then", ")"))
)
def test_no_handle_or_name_of_the_record_passes(
    handle: str, name: str, before: str, after: str
) -> None:
    notice = Record("r", "notice", "decided", 1, BEN, Desk().at, Desk().at)
    notice = replace(
        notice, fields={"urls": f"https://social.example/{handle}", "sender_name": f"X {name}"}
    )
    assert personal_in(f"{before}https://social.example/{handle}{after}", notice)
    assert personal_in(f"{before}X {name}{after}", notice)


def test_a_new_statement_takes_the_place_of_the_earlier_one() -> None:
    desk = Desk()
    first = fields() | {"keep_out": "the door keeper"}
    notice = desk.do(desk.restricted_by_two(), act("prepare_statement", fields=first), BEN)
    notice = desk.do(notice, act("prepare_statement", fields=fields(territorial_scope="")), BEN)
    assert "territorial_scope" not in statement_of(notice)


def test_nothing_but_a_decided_restriction_has_one() -> None:
    desk = Desk()
    triaged = desk.triaged()
    with pytest.raises(Refused, match="only a restriction"):
        desk.do(triaged, act("prepare_statement", fields=fields()), ANNA)
    with pytest.raises(UsageError, match="only a restriction"):
        statement_of(triaged)
    with pytest.raises(UsageError, match="not prepared"):
        statement_of(desk.restricted_by_two())
    with pytest.raises(UsageError, match="not decided"):
        statement_of(replace(prepared(), state="triaged"))


def test_parts_that_do_not_exist_and_ends_before_the_beginning_are_told() -> None:
    notice = Desk().restricted_by_two()
    typed = fields(end_date_account_restriction="2026-02-01") | {"dsa_mood": "x", "told": "x"}
    assert set(faults_of_statement(notice, typed)) == {
        "dsa_end_date_account_restriction",
        "dsa_mood",
        "told",
    }


@pytest.mark.data
def test_the_enumerations_and_samples_of_the_database() -> None:
    listed = SHARED / "facts" / "dsa_enumerations.json"
    samples = SHARED / "data" / "format-samples"
    if not listed.exists() or not samples.exists():
        pytest.skip("the database's enumerations and samples are not beside the repository")
    for name, values in json.loads(listed.read_text(encoding="utf-8")).items():
        assert list(enumeration(name)) == values
    begin = "transparency-database__example_"
    one = json.loads((samples / f"{begin}statement.json").read_text(encoding="utf-8"))
    many = json.loads((samples / f"{begin}multi_statements.json").read_text(encoding="utf-8"))
    assert [faults_in(sample) for sample in (one, *many["statements"])] == [{}] * (
        1 + len(many["statements"])
    )
