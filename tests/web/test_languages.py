"""The public pages and letters in the reader's language: how it is found, kept and remembered."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.text.sentence import Sentence
from assay.web.api.shapes import NoticeAsked
from assay.web.client import CaseClient, Refusal
from assay.web.house import House
from assay.web.languages import CHOSEN, ENGLISH, LANGUAGES, language_called, preferred
from tests.web.served import NOTICE, Visitor, clock_of, confirm, letters_of, link_in, report, said
from tests.web.test_assessments import restricted

GERMAN = language_called("de")
Somebody = Callable[[], Visitor]
Member = Callable[[str], Visitor]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT, en;q=0.5", "de"),
        ("it, de;q=0.4, en;q=0.5", "en"),
        ("en;q=0.3,de;q=0.9", "de"),
        ("de;q=0, it", "en"),
        ("it, fr-CH;q=0.8, de;q=0.4", "fr"),
        ("ru, es", "ru"),
        ("en, de", "en"),
        ("de, en", "de"),
        ("DE-Latn-DE;q=1.0", "de"),
        ("de;q=2", "en"),
        ("*", "en"),
        ("xx;;, de", "de"),
    ],
)
def test_what_a_browser_asks_for(header: str, code: str) -> None:
    assert preferred(header).code == code


@given(st.text(max_size=200) | st.text("de,;=q.01 -*", max_size=60))
def test_any_head_gives_a_language(header: str) -> None:
    assert preferred(header) in LANGUAGES


@given(st.text(), st.text())
def test_a_part_is_put_in_as_it_is(first: str, second: str) -> None:
    sentence = Sentence("these are no exact web addresses: %(urls)s", urls=f"{first}%(x)s{second}")
    begin = "das sind keine genauen Webadressen: "
    assert GERMAN.say(sentence) == f"{begin}{first}%(x)s{second}"
    assert ENGLISH.say(sentence) == sentence


def test_days_and_moments_are_written_as_its_readers_do() -> None:
    assert GERMAN.day("2026-03-09") == "9. März 2026"
    assert ENGLISH.day("2026-03-09") == "9 March 2026"
    assert GERMAN.moment("2026-03-09T10:05:00+01:00") == "09.03.2026, 09:05 UTC"
    assert ENGLISH.moment("2026-03-09T10:05:00+01:00") == "9 Mar 2026, 09:05 UTC"
    assert GERMAN.day(None) == GERMAN.moment(None) == "–"


def test_the_browser_s_language_until_somebody_chooses(somebody: Somebody) -> None:
    reader = somebody()
    reader.client.headers["Accept-Language"] = "de-DE,de;q=0.9,en;q=0.5"
    page = reader.get("/report/impersonation")
    assert '<html lang="de">' in page.text
    assert page.headers["Content-Language"] == "de"
    assert "Worum geht es, und woran erkennt man es?" in said(page)
    assert CHOSEN not in reader.client.cookies
    # The switch is a link; the choice stays on the next page, and can be taken back.
    assert 'href="?lang=en"' in page.text
    assert '<html lang="en">' in reader.get("/report/impersonation?lang=en").text
    assert reader.client.cookies[CHOSEN] == "en"
    assert '<html lang="en">' in reader.get("/report").text
    assert '<html lang="de">' in reader.get("/?lang=de").text
    assert '<html lang="de">' in reader.get("/report?lang=xx").text


def test_the_team_s_pages_are_in_english_and_offer_no_switch(
    somebody: Somebody, member: Member
) -> None:
    anna = somebody()
    anna.client.headers["Accept-Language"] = "de"
    queue = anna.sign_in("anna").get("/queue")
    assert '<html lang="en">' in queue.text
    assert "?lang=" not in queue.text


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/register", "Was hier auf wessen Verlangen entschieden wurde"),
        ("/ledger", "bis wann eine Antwort fällig war"),
        ("/transparency", "Anordnungen von Behörden"),
        ("/log", "Bewahren Sie diesen Prüfpunkt auf"),
        ("/sign-in", "brauchen Sie kein Konto"),
    ],
)
def test_what_everyone_reads_is_there_in_german(somebody: Somebody, path: str, told: str) -> None:
    page = somebody().get(f"{path}?lang=de")
    assert '<html lang="de">' in page.text
    assert told in said(page)
    assert not re.search(r"\b(the|and|is|of|not)\b", said(page).partition("Test house")[2])


def test_a_published_decision_and_its_proof_in_german(
    house: House, somebody: Somebody, member: Member
) -> None:
    notice = report(somebody())[1]
    restricted(house, notice)
    ben = member("ben")
    ben.fill(f"/records/{notice}", f"/records/{notice}/register")
    entry = ben.get("/queue?kind=register&view=all").text.partition("/records/")[2][:16]
    ben.act(entry, "publish", title="Titel", summary="Zusammenfassung", why="weil")
    reader = somebody()
    reader.client.headers["Accept-Language"] = "de"
    page = reader.get(f"/register/{entry}")
    assert "Entscheidung Es wird um eine Beschränkung ersucht" in said(page)
    assert "Veröffentlicht 31." in said(page)
    link = re.search(rf"/register/{entry}/proof/\d+", page.text)
    assert link is not None
    proof = reader.get(link.group())
    assert "Es stimmt." in said(proof)
    assert "Ja: Die Texte passen zu den beiden Festlegungen" in said(proof)
    wrong = reader.fill("/sign-in", "/sign-in", email="nobody@house.example", password="x")
    assert "Die Adresse oder das Passwort ist falsch" in said(wrong)
    damaged = reader.fill("/log", "/log/proof", proof="{}")
    assert "Nein: Es ist lesbar (das ist kein Nachweis)" in said(damaged)


def test_what_is_missing_is_said_in_the_same_language(somebody: Somebody) -> None:
    reader = somebody()
    reader.client.headers["Accept-Language"] = "de"
    page = reader.fill(
        "/report/court_order", "/report/court_order", **{**NOTICE, "urls": "100% <b>"}
    )
    assert page.status_code == 422
    told = said(page)
    assert "Etwas fehlt oder stimmt nicht. Ihre Eingaben sind nicht verloren." in told
    assert "Adressen : das sind keine genauen Webadressen: 100%, <b>" in told
    assert "Rechtsgrundlage : nennen Sie das Gesetz" in told
    # An answer to a form has no address of its own that could be asked for again.
    assert "?lang=" not in page.text
    assert "Diese Seite gibt es nicht" in said(reader.get("/follow/nobody"))


def test_both_sides_hear_in_their_own_language(
    house: House, somebody: Somebody, member: Member
) -> None:
    sender, concerned, anna = somebody(), somebody(), member("anna")
    sender.client.headers["Accept-Language"] = "de"
    letters_of(house).clear()
    page = sender.fill("/report/impersonation", "/report/impersonation", **NOTICE)
    assert "Ihre Meldung ist eingegangen. Bewahren Sie diesen geheimen Link auf" in said(page)
    asked = letters_of(house)[-1]
    assert asked.subject.startswith("Ist das Ihre Adresse? (")
    assert NOTICE["title"] not in asked.text
    confirm(house, somebody())
    receipt = letters_of(house)[-1]
    assert receipt.subject.startswith("Ihre Meldung ist eingegangen (")
    assert "Art: Vortäuschen einer fremden Identität" in receipt.text
    notice = anna.get("/queue").text.partition("/records/")[2].partition('"')[0]
    anna.act(notice, "acknowledge")
    anna.act(notice, "triage", priority="low")
    anna.act(notice, "replace_link", party="sender", new_address="neu@example.org")
    replaced = letters_of(house)[-1]
    assert replaced.subject.startswith("Ein neuer geheimer Link (")
    link = link_in(replaced)
    anna.act(
        notice,
        "ask_to_be_heard",
        put_to_them="It is said that …",
        answer_until="2030-01-01",
        concerned_email="person@example.org",
        concerned_language="de",
    )
    hearing = letters_of(house)[-1]
    assert "Bitte antworten Sie bis zum 1. Januar 2030." in hearing.text
    # They read it in English, and answer: from now on they are written to in English.
    theirs = link_in(hearing)
    page = concerned.fill(theirs, f"{theirs}/answer", answer="It is a fan account.")
    assert "Your answer arrived." in said(page)
    clock_of(house).go_on(minutes=1)
    member("ben").act(notice, "conclude", outcome="no_action", told="Text of the decision.")
    anna.act(notice, "notify")
    told = {letter.purpose: letter.text for letter in letters_of(house)}
    assert "Es wird um nichts ersucht.\n\nText of the decision." in told["decision_sender"]
    assert "Nothing is asked for.\n\nText of the decision." in told["decision_concerned"]
    # Whoever turns to another language is answered in it, on appeal too.
    sender.get(f"{link}?lang=en")
    page = sender.fill(link, f"{link}/appeal", grounds="They had one.")
    assert "Your appeal arrived" in said(page)
    assert letters_of(house)[-1].subject.startswith("Your appeal arrived (")
    assert "Entscheidung" not in letters_of(house)[-1].text


def test_a_letter_s_language_is_one_that_there_is(member: Member, somebody: Somebody) -> None:
    somebody().fill("/report/impersonation", "/report/impersonation", **NOTICE)
    anna = member("anna")
    notice = anna.get("/queue").text.partition("/records/")[2].partition('"')[0]
    anna.act(notice, "acknowledge")
    anna.act(notice, "triage", priority="low")
    asked = {"put_to_them": "It is said that …", "answer_until": "2030-01-01"}
    where = f"/records/{notice}"
    action = f"{where}/acts/ask_to_be_heard"
    page = anna.fill(where, action, why="because", concerned_language="tlh", **asked)
    assert (page.status_code, "This is none of the choices." in said(page)) == (422, True)


def test_a_program_names_the_language_of_its_sender(house: House, somebody: Somebody) -> None:
    anna = house.accounts.by_email("anna@house.example")
    assert anna is not None
    token = house.tokens.make(anna, "notices", "report", house.now())
    client = CaseClient("https://house.example", token, somebody().client._transport)
    notice = NoticeAsked.model_validate({**NOTICE, "kind": "impersonation", "good_faith": True})
    letters_of(house).clear()
    client.hand_in(notice.model_copy(update={"sender_language": "de"}))
    assert letters_of(house)[-1].subject.startswith("Ist das Ihre Adresse?")
    own = {"sender_language": "de", "sender_email": anna.email}
    client.hand_in(notice.model_copy(update=own))
    assert letters_of(house)[-1].subject.startswith("Ihre Meldung ist eingegangen")
    with pytest.raises(Refusal) as refused:
        client.hand_in(notice.model_copy(update={"sender_language": "tlh"}))
    assert refused.value.problem.faults == {"sender_language": "one of: en, de, es, fr, ru"}
