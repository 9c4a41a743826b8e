"""Letters: as files, by a real SMTP server on loopback, tried again, never lost."""

from __future__ import annotations

import email
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import policy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from assay.cases.letters import WEBHOOK, Letter, WithIt
from assay.cases.store.case_store import CaseStore
from assay.cases.store.connect import writing
from assay.cases.store.outbox import LETTERS, MOST_ATTEMPTS, Outbox
from assay.cases.store.tables import OUTBOX
from assay.errors import UsageError
from assay.web.house import House, ServeOptions, open_house
from assay.web.mail import EMAIL, FilePost, InTheClear, NotSent, SmtpPost, message
from assay.web.worker import deliver
from tests.cases.made import ANNA, EVE, START, act
from tests.web.served import Clock, Visitor, forms_in, letters_of, report, said

LETTER = Letter("receipt", "a@example.org", "Your notice arrived", "Grüße,\nthe house\n")


def write(store: CaseStore, letter: Letter = LETTER) -> None:
    store.open_record("case", act("draft"), by=ANNA, at=START, with_it=WithIt((letter,)))


def test_a_letter_reaches_a_mail_server_whole(
    store: CaseStore, server: tuple[str, list[bytes]]
) -> None:
    address, taken = server
    write(store)
    assert deliver(Outbox(store.engine), SmtpPost.at(address, None, "h@here.example"), now) == 1
    mail = email.message_from_bytes(taken[0], policy=policy.default)
    assert (mail["To"], mail["From"]) == ("a@example.org", "h@here.example")
    assert mail["Auto-Submitted"] == "auto-generated"
    body = mail.get_body()
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == LETTER.text


def now() -> datetime:
    return START + timedelta(minutes=1)


def test_a_refused_letter_waits_longer_each_time_and_is_then_given_up(
    store: CaseStore, server: tuple[str, list[bytes]], caplog: pytest.LogCaptureFixture
) -> None:
    outbox, post = Outbox(store.engine), SmtpPost.at(server[0], None, "h@here.example")
    write(store, Letter("receipt", "refused@example.org", "x", "x"))
    record = str(outbox.listed(ANNA, "waiting", 5)[0]["record"])
    clock, waits = Clock(), []
    for _ in range(MOST_ATTEMPTS):
        assert deliver(outbox, post, clock) == 0
        (row,) = outbox.of_record(record)
        wait_s = (datetime.fromisoformat(row["next_at"]) - clock()).total_seconds()
        assert outbox.take(LETTERS, clock() + timedelta(seconds=wait_s - 1)) is None
        clock.go_on(seconds=wait_s)
        waits.append(wait_s)
    assert (waits[:3], max(waits)) == ([30, 60, 120], 6 * 3600)
    assert round(sum(waits[:-1]) / 86400) == 3, "the days that the page and the docs speak of"
    assert outbox.count(ANNA, "failed") == 1
    (row,) = outbox.of_record(record)
    assert "no such mailbox" in row["fault"]
    assert row["id"] in caplog.text
    assert "refused@example.org" not in caplog.text
    assert not outbox.again(row["id"], EVE, clock())  # it is not hers to know of
    assert outbox.again(row["id"], ANNA, clock())
    assert outbox.take(LETTERS, clock()) is not None


@pytest.mark.parametrize(
    "recipient",
    [
        "root,a@b.example",
        "%@[%;.)b;",
        "(@b.example",
        "a<b@c.example>",
        "=?utf-8?q?root=2C?=@b.example",
    ],
)
def test_an_odd_address_gets_nothing_and_stops_no_other_letter(
    store: CaseStore, tmp_path: Path, recipient: str
) -> None:
    outbox = Outbox(store.engine)
    write(store, Letter("receipt", recipient, "x", "x"))
    write(store)
    assert deliver(outbox, FilePost(tmp_path / "outbox", "h@here.example"), now) == 1
    assert (outbox.count(ANNA, "sent"), outbox.count(ANNA, "waiting")) == (1, 1)


def test_a_subject_is_one_line_whatever_a_house_is_called() -> None:
    letter = Letter("invitation", "a@example.org", "Your account at A\r\nBcc: b@example.org", "x")
    mail = message("1", letter, "h@here.example", START)
    assert mail["Subject"] == "Your account at A Bcc: b@example.org"
    assert b"\nBcc:" not in bytes(mail)


_TOUCHY = st.text("ab1.-_,;:<>()[]\"\\'=?!% é\u202e", max_size=9)


@settings(max_examples=150, deadline=None)
@given(
    st.builds("{}@{}.{}".format, _TOUCHY, _TOUCHY, _TOUCHY)
    | st.builds("{}@{}.example".format, st.text("ab.=?'!é", min_size=1), st.text("ab-_é"))
)
def test_what_counts_as_an_address_is_one_and_reaches_that_one(recipient: str) -> None:
    letter = Letter("receipt", recipient, "x", "x")
    if EMAIL.fullmatch(recipient):
        mail = message("1", letter, "h@here.example", START)
        assert [one.addr_spec for one in mail["To"].addresses] == [recipient]
        read = email.message_from_bytes(bytes(mail), policy=policy.default)
        assert len(read["To"].addresses) == 1
    else:
        with pytest.raises(NotSent, match="no e-mail address"):
            message("1", letter, "h@here.example", START)


@pytest.mark.parametrize("address", ["a.b+c@d-e.example", "o'neil@x.example", "ä@bücher.example"])
def test_ordinary_addresses_count(address: str) -> None:
    assert EMAIL.fullmatch(address)


def test_letters_and_each_program_wait_in_lanes_of_their_own(store: CaseStore) -> None:
    outbox = Outbox(store.engine)
    for hook in ("some-hook", "another", "some-hook"):
        write(store, Letter(WEBHOOK, hook, "x", "x"))
    write(store)
    taken = dict.fromkeys(outbox.lanes(now()), 0)
    for lane in taken:
        while outbox.take(lane, now()):
            taken[lane] += 1
    assert taken == {"some-hook": 2, "another": 1, LETTERS: 1}
    assert outbox.lanes(now()) == [], "what is being sent is nobody else's"
    assert outbox.lanes(START - timedelta(days=1)) == []


def test_a_server_that_is_away_loses_nothing(store: CaseStore) -> None:
    write(store)
    post = SmtpPost.at("smtp://127.0.0.1:1", None, "h@here.example")
    assert deliver(Outbox(store.engine), post, now) == 0
    assert Outbox(store.engine).count(ANNA, "waiting") == 1


def test_a_password_is_not_sent_in_the_clear(server: tuple[str, list[bytes]]) -> None:
    address = server[0].replace("smtp://", "smtp://user@")
    with pytest.raises(InTheClear, match="no TLS"):
        SmtpPost.at(address, "secret", "h@here.example").send("1", LETTER, START)


def test_another_machine_gets_no_letter_in_the_clear(
    server: tuple[str, list[bytes]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    post = SmtpPost.at(server[0], None, "h@here.example")
    post.check()
    elsewhere = ("192.0.2.1", 25)
    monkeypatch.setattr("socket.socket.getpeername", lambda _: elsewhere)
    for hands_over in (post.check, lambda: post.send("1", LETTER, START)):
        with pytest.raises(InTheClear, match="no TLS"):
            hands_over()
    assert server[1] == []
    with pytest.raises(InTheClear):
        open_house(ServeOptions(tmp_path / "house", smtp=server[0]))
    assert not (tmp_path / "house").exists()


def test_a_server_that_is_away_at_the_start_keeps_no_house_closed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    house = open_house(ServeOptions(tmp_path, smtp="smtp://127.0.0.1:1"))
    assert "127.0.0.1" in house.post.told()
    assert "letters wait: the mail server says: ConnectionRefusedError" in caplog.text
    house.store.engine.dispose()


@pytest.mark.parametrize("address", ["mail.example", "http://mail.example", "smtp://u:p@m.example"])
def test_addresses_that_are_no_mail_server(address: str) -> None:
    with pytest.raises(UsageError, match="no mail server"):
        SmtpPost.at(address, None, "h@here.example")


def test_letters_become_files_of_their_owner_alone(tmp_path: Path) -> None:
    FilePost(tmp_path / "outbox", "h@here.example").send("abc", LETTER, datetime.now(UTC))
    (file,) = (tmp_path / "outbox").iterdir()
    assert file.stat().st_mode & 0o077 == 0
    assert (
        "Grüße" in email.message_from_bytes(file.read_bytes(), policy=policy.default).get_content()
    )


class Broken:
    """A post with a fault that nobody foresaw, in the letters to one address."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, identity: str, letter: Letter, at: datetime) -> None:
        if letter.recipient == "a@example.org":
            raise ZeroDivisionError
        self.sent.append(letter.recipient)

    def told(self) -> str:
        return ""


def test_a_letter_that_was_given_up_is_sent_again_from_a_page(
    house: House, member: Callable[[str], Visitor], somebody: Callable[[], Visitor]
) -> None:
    report(somebody(), title="Its letter was given up")
    post, house.post = house.post, Broken()
    assert isinstance(house.post, Broken)
    clock = Clock()
    clock.at = house.now()
    with writing(house.store.engine) as connection:
        connection.execute(update(OUTBOX).values(recipient="a@example.org"))
    for _ in range(MOST_ATTEMPTS):
        deliver(house.outbox, house.post, clock)
        clock.go_on(hours=7)
    anna = member("anna")
    page = anna.get("/letters")
    assert "unforeseen: ZeroDivisionError" in said(page)
    (action,) = (one for one in forms_in(page) if one.endswith("/again"))
    house.post = post
    assert "It is tried again now" in said(anna.fill(page, action))
    assert [letter.purpose for letter in letters_of(house)] == ["confirm_address"]
    assert "a@example.org" in said(anna.get("/letters?state=sent"))
    assert member("olga").get("/letters").status_code == 403
