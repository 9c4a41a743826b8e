"""A notice that the team makes of a finding: its evidence is there, and the same is asked of it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import httpx
import pytest

from assay.web.acting import entry_of
from assay.web.house import House
from assay.web.sample import SAMPLE
from tests.web.served import Visitor, forms_in, letters_of, said

PAGE = "/notices/finding"
SAID = {
    "kind": "coordinated",
    "title": "Thirteen accounts",
    "source": "Our scan of 30 January",
    "urls": "https://simnet-a.example/one\nhttps://simnet-a.example/two",
    "good_faith": "yes",
}


def make(visitor: Visitor, content: bytes, **typed: str) -> httpx.Response:
    form = {**forms_in(visitor.get(PAGE))[PAGE], **SAID, **typed}
    form.pop("file")
    return visitor.client.post(PAGE, data=form, files={"file": ("finding.zip", content)})


def test_a_finding_becomes_a_notice_with_its_evidence(
    house: House, member: Callable[[str], Visitor], somebody: Callable[[], Visitor]
) -> None:
    anna = member("anna")
    letters_of(house).clear()
    page = make(anna, SAMPLE.read_bytes(), explanation="They may belong to one club.")
    assert page.url.path.startswith("/records/"), said(page)
    told = said(page)
    assert "They may belong to one club. 13 accounts shared 26 links" in told
    assert "The hashes inside were right." in told
    assert "From Test house E-mail address anna@house.example" in told
    assert letters_of(house) == []
    record = page.url.path.rpartition("/")[2]
    ben = house.accounts.by_email("ben@house.example")
    assert ben is not None
    found, _ = house.store.record(record, ben.actor)
    for name, public in (("Test house", "Test house"), ("Another house", "a person")):
        assert entry_of(found, name).fields["sender_public"] == public
    member("ben").act(record, "acknowledge")
    assert somebody().get(PAGE).url.path == "/sign-in"
    assert member("paul").get(PAGE).status_code == 403


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"urls": ""}, "the run does not know all addresses of: "),
        ({"good_faith": ""}, "Stated in good faith"),
        ({"kind": "court_order"}, "Say which kind of notice it is."),
        ({"source": " "}, "Say where it comes from."),
        ({"finding": "coaction-nobody"}, "coaction-nobody"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    typed: dict[str, str], told: str, member: Callable[[str], Visitor]
) -> None:
    page = make(member("anna"), SAMPLE.read_bytes(), **typed)
    assert page.status_code == 422
    assert told in said(page)
    assert 'value="Thirteen accounts"' in page.text


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "Choose a file"), (b"%PDF-1.7", "holds no finding"), (b"PK\x03\x04 findings.json", "")],
)
def test_a_file_that_holds_no_finding_is_refused(
    content: bytes, told: str, member: Callable[[str], Visitor]
) -> None:
    page = make(member("anna"), content)
    assert page.status_code == 422
    assert told in said(page)


def test_a_finding_without_its_sentence_needs_somebodys_own_words(
    member: Callable[[str], Visitor],
) -> None:
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(SAMPLE.read_bytes())) as kept,
        zipfile.ZipFile(changed, "w") as made,
    ):
        for name in kept.namelist():
            content = kept.read(name)
            if name == "findings.json":
                told = json.loads(content)
                del told["findings"][0]["statement"]
                content = json.dumps(told).encode()
            made.writestr(name, content)
    page = make(member("anna"), changed.getvalue())
    assert page.status_code == 422
    assert 'id="explanation-fault"' in page.text
    page = make(member("anna"), changed.getvalue(), explanation="They post as one.")
    assert "They post as one." in said(page)
    assert page.url.path.startswith("/records/")
