"""Letters: their body, what is attached wherever it stands, and letters within letters."""

from __future__ import annotations

from email.message import EmailMessage

from assay.documents.page import Page, Refused

from .made_pages import ARTICLE, only_page, pages


def test_a_letter_with_an_attachment() -> None:
    letter = EmailMessage()
    letter["From"], letter["To"] = "Ministry <press@ministry.example>", "desk@lantern.example"
    letter["Subject"], letter["Date"] = "Our demand", "Wed, 05 Mar 2031 10:00:00 +0200"
    letter.set_content("We urge Chirpnet to restore the pages.\n")
    letter.add_attachment(ARTICLE, subtype="html", filename="story.html")
    body, attached = pages("letter.eml", letter.as_bytes())
    assert isinstance(body, Page) and body.title == "Our demand"
    assert body.published == "2031-03-05T10:00:00+02:00" and "We urge" in body.text
    assert isinstance(attached, Page) and attached.document == "letter.eml#story.html"


def test_attachments_are_found_wherever_a_mail_program_puts_them() -> None:
    letter = EmailMessage()
    letter.set_content("See the story.")
    letter.add_alternative("<p>See the story.</p>", subtype="html")
    page = letter.get_body(("html",))
    assert page is not None
    page.add_attachment(ARTICLE, subtype="html", filename="story.html", disposition="inline")
    signed = EmailMessage()
    signed["Subject"] = "Our demand"
    signed.make_mixed()
    signed.attach(letter)
    signed.add_attachment("Chirpnet removed 12 pages.", filename="note.txt")
    found = pages("letter.eml", signed.as_bytes())
    names = ["letter.eml", "letter.eml#story.html", "letter.eml#note.txt"]
    assert [one.document for one in found if isinstance(one, Page)] == names


def test_a_page_above_the_lines_that_a_mailing_list_adds_is_not_lost() -> None:
    letter = EmailMessage()
    letter["Subject"] = "Our demand"
    letter.set_content("<p>We urge Chirpnet to restore the page.</p>", subtype="html")
    letter.make_mixed()
    letter.add_attachment("To leave this list write to us.", disposition="inline")
    read = [one for one in pages("a.eml", letter.as_bytes()) if isinstance(one, Page)]
    assert any("We urge" in one.text for one in read)


def test_where_the_plain_form_of_a_letter_is_blank_its_page_is_read() -> None:
    letter = EmailMessage()
    letter["Subject"] = "Our demand"
    letter.set_content("\n")
    letter.add_alternative("<p>We urge Chirpnet to restore the page.</p>", subtype="html")
    assert "We urge" in only_page("letter.eml", letter.as_bytes()).text


def test_a_letter_in_html_is_read_as_its_head_says_and_not_as_its_old_page_said() -> None:
    letter = EmailMessage()
    letter["Subject"] = "Ответ"
    page = "<html><head><meta charset=windows-1251></head><body><p>Сеть удалила страницы.</p>"
    letter.set_content(page, subtype="html", charset="utf-8")
    assert only_page("letter.eml", letter.as_bytes()).text == "Сеть удалила страницы."


def test_letters_within_letters_are_read_to_a_depth_and_what_lies_below_is_told() -> None:
    letter: EmailMessage | None = None
    for depth in range(6):
        outer = EmailMessage()
        outer["Subject"] = f"Letter {depth}"
        outer.set_content("See the letter that is attached.")
        if letter is not None:
            outer.add_attachment(letter)
        letter = outer
    assert letter is not None
    *read, refused = pages("letter.eml", letter.as_bytes())
    assert [one.title for one in read if isinstance(one, Page)] == [
        f"Letter {depth}" for depth in (5, 4, 3, 2)
    ]
    assert isinstance(refused, Refused)
    assert refused.document == "letter.eml" + "#part-1" * 4
    assert "deep in archives and letters" in refused.reason


def test_of_a_saved_page_the_styles_and_pictures_are_no_documents() -> None:
    saved = EmailMessage()
    saved["Subject"] = "Pages gone"
    saved.set_content(ARTICLE, subtype="html")
    saved.add_related("body { color: red }", subtype="css", cid="<css@page>")
    saved.add_related(b"\x89PNG\r\n\x1a\n", "image", "png", cid="<picture@page>")
    assert only_page("page.mhtml", saved.as_bytes()).title == "Pages gone"
