"""Notices that come as e-mail files: read, gated like all others, and never trusted."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from assay.cases.evidence import attached
from assay.cli.case import case
from assay.errors import InputError
from assay.model.case import Actor, Record
from assay.web.house import House
from assay.web.incoming import take_letter
from assay.web.letter_in import LetterIn, read_letter
from tests.web.served import Visitor, forms_in, letters_of, link_in, said

TEXT = """Dear team,

the account https://social.example/imitator passes for us (see also
<https://social.example/imitator/status/12>). I believe in good faith that this is true.

> On Monday you wrote: see https://quoted.example/nothing
A. Writer
--
Ministry of Examples, https://ministry.example/contact
"""


def letter(text: str = TEXT, **headers: str) -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    usual = {
        "From": '"Writer, A." <a.writer@ministry.example>',
        "To": "cases@house.example",
        "Subject": "An account with our name",
        "Date": "Sat, 31 Jan 2026 09:00:00 +0100",
    }
    # First, for it drops what was said of a content before.
    made.set_content(text)
    for name, value in {**usual, **headers}.items():
        made[name] = value
    return made


def read(made: EmailMessage) -> LetterIn:
    return read_letter(made.as_bytes(), "letter.eml")


def test_a_letter_is_read_without_its_signature_and_quotations() -> None:
    fields = read(letter()).fields
    assert fields["urls"].splitlines() == [
        "https://social.example/imitator",
        "https://social.example/imitator/status/12",
    ]
    assert (fields["sender_name"], fields["sender_email"]) == (
        "Writer, A.",
        "a.writer@ministry.example",
    )
    assert fields["title"] == "An account with our name"
    assert fields["good_faith"] == "yes"
    assert "quoted.example" not in fields["explanation"]
    assert "Ministry of Examples" not in fields["explanation"]


GERMAN = """Guten Tag,

das Konto https://social.example/imitator gibt sich als unser Amt aus und fragt die Leute nach ihren
Ausweisen. Wir erklären nach bestem Wissen und Gewissen, dass das richtig ist.
"""


@pytest.mark.parametrize(
    ("text", "stated", "language"),
    [
        (TEXT, "", "en"),
        (GERMAN, "", "de"),
        (GERMAN, "en-US", "de"),  # the language of somebody's mail program
        ("https://social.example/a", "de-AT, en", "de"),
        ("https://social.example/a", "tlh", None),
        ("https://social.example/a", "", None),
    ],
)
def test_a_letter_is_answered_in_the_language_that_it_is_written_in(
    text: str, stated: str, language: str | None
) -> None:
    headers = {"Content-Language": stated} if stated else {}
    assert read(letter(text, **headers)).fields.get("sender_language") == language


def test_labels_say_what_nothing_else_does() -> None:
    text = (
        "See https://news.example/about-it for the background.\n\n"
        "Addresses:\nhttps://social.example/a\nhttps://social.example/b\n\n"
        "Legal basis: Law 5, article 1\nOrder reference: 7/2026\nName: Office of Examples\n"
        "They do not act in good faith."
    )
    fields = read(letter(text)).fields
    assert fields["urls"].splitlines() == ["https://social.example/a", "https://social.example/b"]
    assert fields["legal_basis"] == "Law 5, article 1"
    assert fields["order_reference"] == "7/2026"
    assert fields["sender_name"] == "Office of Examples"
    assert "good_faith" not in fields


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("We declare in good faith that it is true.", True),
        ("Die Angaben sind nach bestem Wissen und Gewissen richtig.", True),
        ("Je le déclare en toute bonne foi.", True),
        ("Declaro de buena fe que es cierto.", True),
        ("Сообщаю добросовестно.", True),
        ("We say that it was not good faith.", False),
        ("Good faith is what they lack.", False),
    ],
)
def test_good_faith_is_stated_in_several_languages(text: str, stated: bool) -> None:
    assert ("good_faith" in read(letter(text)).fields) == stated


def test_the_letter_and_its_attachments_become_evidence() -> None:
    made = letter()
    name = "../up/ab.pdf"
    made.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename=name)
    made.add_attachment(letter("An earlier letter"))
    files = read(made).files
    assert [file.name for file in files][:2] == ["letter.eml", "ab.pdf"]
    assert files[0].content == made.as_bytes()
    assert files[1].content == b"%PDF-1.7"
    assert b"An earlier letter" in files[2].content
    assert all("from a.writer@ministry.example" in file.source for file in files)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b" \n", "the file is empty"),
        (b"no letter at all", "no headers"),
        (b"Subject: x\r\n\r\nwords", "names no sender"),
        (b"From: nobody\r\n\r\nwords", "names no sender"),
        (b"From: a@b.example\r\n\r\n", "has no text"),
        (b"From: a@b.example\r\nSubject: x\r\n\r\n" + bytes(17 << 20), "more than 16 MB"),
    ],
)
def test_a_broken_letter_gets_a_clear_error(content: bytes, told: str) -> None:
    with pytest.raises(InputError, match=told) as caught:
        read_letter(content, "letter.eml")
    assert str(caught.value.file) == "letter.eml"
    assert caught.value.fix


_HEADS = st.sampled_from(["From", "Subject", "Date", "Content-Type", "MIME-Version", "To"])
_VALUES = st.one_of(
    st.binary(max_size=30),
    st.sampled_from([
        b"=?utf-8?b?x?= <a@b.example>",
        b"a@b.example",
        b"multipart/mixed; boundary=b",
        b"text/plain; charset=none",
        b"message/rfc822",
        b'"',
        b"<>",
        b"a@b.example, <c@d.example>",
    ]),
)  # fmt: skip


@given(st.lists(st.tuples(_HEADS, _VALUES), max_size=5), st.binary(max_size=60))
def test_whatever_comes_is_read_or_refused(heads: list[tuple[str, bytes]], body: bytes) -> None:
    head = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in heads)
    try:
        letter_in = read_letter(head + b"\r\n" + body, "letter.eml")
    except InputError as error:
        assert error.message
    else:
        assert "@" in letter_in.fields["sender_email"]
        assert letter_in.files[0].content == head + b"\r\n" + body


def taken(house: House, made: EmailMessage, kind: str = "impersonation") -> Record:
    by = Actor("anna", "investigator")
    return take_letter(house, kind, read(made), by)


def test_a_complete_letter_is_a_notice_of_its_sender(
    house: House, somebody: Callable[[], Visitor]
) -> None:
    record = taken(house, letter())
    assert record.state == "submitted"
    assert record.opened_by.role == "public"
    _, history = house.store.record(record.id, Actor("ben", "reviewer"))
    assert [(event.name, event.by.id) for _, event in history][2:] == [("attach", "anna")]
    assert attached(history)[0].format == "eml"
    receipt = letters_of(house)[-1]
    assert (receipt.purpose, receipt.recipient) == ("receipt", "a.writer@ministry.example")
    page = somebody().get(link_in(receipt))
    assert "Your notice" in said(page)
    assert "letter.eml" not in page.text


def test_the_sender_is_told_what_is_missing_and_completes_it(
    house: House, somebody: Callable[[], Visitor]
) -> None:
    record = taken(house, letter("They pass for us.", Subject="About you"), "government_order")
    assert record.state == "rejected_incomplete"
    told = letters_of(house)[-1]
    assert told.purpose == "incomplete"
    for name in ("Addresses", "Legal basis", "Reference of the order", "Stated in good faith"):
        assert name in told.text
    sender, link = somebody(), link_in(told)
    page = sender.get(link)
    assert forms_in(page)[f"{link}/complete"]["explanation"] == "They pass for us."
    page = sender.fill(
        page,
        f"{link}/complete",
        urls="https://social.example/x",
        legal_basis="Law 1",
        order_reference="2",
        good_faith="yes",
    )
    assert "Done: handed in" in said(page)


def test_a_german_letter_is_answered_in_german(house: House) -> None:
    taken(house, letter(GERMAN.replace("nach bestem Wissen und Gewissen", "")))
    told = letters_of(house)[-1]
    assert told.subject.startswith("Ihre Meldung ist unvollständig (")
    assert "Angaben in gutem Glauben: erklären Sie, dass" in told.text
    assert "Stated" not in told.text


def test_a_letter_is_taken_in_on_a_page(house: House, member: Callable[[str], Visitor]) -> None:
    anna = member("anna")
    form = forms_in(anna.get("/intake"))["/intake"]
    form.pop("file")
    sent = {**form, "kind": "impersonation"}
    page = anna.client.post("/intake", data=sent, files={"file": ("a.eml", letter().as_bytes())})
    assert "The notice as it came by e-mail." in said(page)
    page = anna.client.post("/intake", data=sent, files={"file": ("a.eml", b"no letter")})
    assert page.status_code == 422
    assert "no headers" in said(page)
    page = anna.client.post("/intake", data={**form, "kind": "x"}, files={"file": ("a", b"")})
    assert "Say which kind of notice it is." in said(page)
    assert "Choose an e-mail file" in said(page)
    assert member("olga").get("/intake").status_code == 403


def test_letters_are_taken_in_from_the_command_line(house: House, tmp_path: Path) -> None:
    folder = tmp_path
    (folder / "good.eml").write_bytes(letter().as_bytes())
    (folder / "part.eml").write_bytes(letter("Please look at them.").as_bytes())
    (folder / "bad.eml").write_bytes(b"no letter")
    files = [str(folder / name) for name in ("bad.eml", "good.eml", "part.eml")]
    data = house.store.keys.path.parent
    options = ["--kind", "impersonation", "--data", str(data), "--url", "https://house.example"]
    asked = ["intake", *files, *options, "--by", "anna", "--role", "investigator"]
    done = CliRunner().invoke(case, asked)
    assert done.exit_code == 3, done.output
    assert "bad.eml: the file is no e-mail" in done.stderr
    assert "good.eml: submitted" in done.stdout
    assert "part.eml: rejected_incomplete, the sender is told what is missing:" in done.stdout
    assert "Addresses: give the exact addresses" in done.stdout
