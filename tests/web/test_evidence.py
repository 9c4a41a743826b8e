"""Evidence on a record's page: kept, shown, handed out; what the person concerned sees."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import update

from assay.cases.evidence import MOST_FILE_BYTES
from assay.cases.store.connect import writing
from assay.cases.store.tables import FILES
from assay.errors import InputError
from assay.model.dataset import RunFolder
from assay.report.resembling import read_findings
from assay.web.house import House
from assay.web.packed_findings import findings_in, pack_finding, packed_page
from tests.cases.made import act
from tests.report.made_run import make_run
from tests.report.names_run import make_names_run
from tests.web.served import Visitor, forms_in, letters_of, link_in, report, said

PDF = b"%PDF-1.7 a page that was printed"
_SINK = pa.BufferOutputStream()
pq.write_table(pa.table({"post_id": ["another"]}), _SINK)
ANOTHER = _SINK.getvalue().to_pybytes()
HOSTILE = b"""<html><body onload="alert(1)"><script>steal()</script><h1>Words</h1>
<img src="https://elsewhere.example/seen.png"><a href="javascript:steal()">a link</a>
<iframe src="https://elsewhere.example/"></iframe><form action="https://elsewhere.example/">
<p style="background:url(https://elsewhere.example/)">that stay</p></form></body></html>"""


@dataclass(frozen=True)
class Packed:
    """A finding of a run as one file, and the accounts that it is about."""

    run: RunFolder
    identity: str
    content: bytes
    subjects: tuple[str, ...]
    handles: tuple[str, ...]


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Packed:
    run = make_run(tmp_path_factory.mktemp("run"))
    finding = read_findings(run)[0]
    content = pack_finding(run, finding["id"])
    rows = pq.read_table(run.dataset.accounts).to_pylist()
    known = {row["account_id"]: row["handle"] for row in rows}
    handles = tuple(known[subject] or "" for subject in finding["subjects"])
    return Packed(run, finding["id"], content, tuple(finding["subjects"]), handles)


def add(
    visitor: Visitor, record: str, content: bytes, name: str = "print.pdf", **typed: str
) -> httpx.Response:
    """Send the form that adds a file, as a browser would."""
    action = f"/records/{record}/evidence"
    form = forms_in(visitor.get(f"/records/{record}"))[action]
    form.pop("file")
    said = {"source": "saved by us", "shows": "the page", **typed}
    return visitor.client.post(action, data={**form, **said}, files={"file": (name, content)})


def places(page: httpx.Response) -> list[str]:
    """Where the files of a page are, in their order."""
    found = re.findall(r'href="(/(?:records|follow)/[\w-]+/evidence/\d+)', page.text)
    return list(dict.fromkeys(found))


@pytest.fixture
def notice(somebody: Callable[[], Visitor]) -> str:
    return report(somebody())[1]


def test_a_file_is_listed_with_its_hash_and_comes_back_as_a_file(
    member: Callable[[str], Visitor], notice: str
) -> None:
    anna = member("anna")
    page = add(anna, notice, PDF, "../../etc/\u202epass<b>.pdf")
    assert "Done: file added" in said(page)
    assert hashlib.sha256(PDF).hexdigest() in page.text
    assert "pass<b>.pdf" in said(page)
    assert "Added by Anna" in said(page)
    (at,) = places(page)
    told = anna.get(at)
    assert told.content == PDF
    assert told.headers["Content-Type"] == "application/octet-stream"
    assert told.headers["Content-Disposition"].startswith("attachment;")
    assert told.headers["X-Content-Type-Options"] == "nosniff"
    assert anna.get(f"{at}/shown").status_code == 404
    entry = at.rpartition("/")[2]
    page = member("ben").act(notice, "check_file", entry=entry)
    assert "Checked by Ben" in said(page)
    assert "unchanged" in said(page)
    page = member("ben").act(notice, "erase", entry=entry)
    assert anna.get(at).status_code == 404
    assert f"Erased. Entry {entry}" in said(page)


def test_a_partner_whom_a_notice_is_about_adds_a_file_and_checks_none(
    house: House, member: Callable[[str], Visitor], notice: str
) -> None:
    anna, paul = (house.accounts.by_email(f"{name}@house.example") for name in ("anna", "paul"))
    assert anna is not None
    assert paul is not None
    ask = act("ask_to_be_heard", concerned=paul.id, answer_until="2026-12-31")
    steps = (act("acknowledge"), act("triage", priority="low"), ask)
    for version, one in enumerate(steps, start=2):
        house.store.act(notice, version, one, by=anna.actor, at=house.now())
    page = add(member("paul"), notice, PDF)
    assert "Done: file added" in said(page)
    assert len(places(page)) == 1
    assert "/acts/check_file" not in page.text
    assert "/acts/check_file" in member("ben").get(f"/records/{notice}").text


def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    member: Callable[[str], Visitor], notice: str
) -> None:
    page = add(member("anna"), notice, b"", source="", shows="what I typed")
    assert page.status_code == 422
    assert "Choose a file that is not empty." in said(page)
    assert "Say where it comes from." in said(page)
    assert forms_in(page)[f"/records/{notice}/evidence"]["shows"] == "what I typed"
    page = add(member("anna"), notice, bytes(MOST_FILE_BYTES + 1))
    assert page.status_code == 422
    assert "a file here has 1 to" in said(page)
    page = add(member("anna"), notice, bytes(MOST_FILE_BYTES + (2 << 20)))
    assert page.status_code == 413
    page = add(member("anna"), notice, PDF, version="1")
    assert page.status_code == 409
    assert "Somebody changed this meanwhile" in said(page)


def test_a_page_is_shown_without_what_acts_or_loads(
    member: Callable[[str], Visitor], notice: str
) -> None:
    anna = member("anna")
    page = add(anna, notice, HOSTILE, "picture.png")
    assert "<iframe" in page.text
    assert "sandbox" in page.text
    told = anna.get(f"{places(page)[0]}/shown")
    assert told.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert told.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "<h1>Words</h1>" in told.text
    assert "that stay" in told.text
    for bad in ("script", "steal", "elsewhere", "onload", "href", "<img", "<form", "style="):
        assert bad not in told.text
    assert anna.get(f"/records/{notice}").headers["X-Frame-Options"] == "DENY"


def test_the_person_concerned_sees_a_finding_without_other_people(
    house: House,
    member: Callable[[str], Visitor],
    somebody: Callable[[], Visitor],
    packed: Packed,
) -> None:
    own, *others = packed.subjects
    address = f"https://social.example/@{own.partition(':')[2]}"
    sender_link, notice = report(somebody(), urls=address)
    anna = member("anna")
    assert "The hashes inside were right." in said(add(anna, notice, packed.content, "f.zip"))
    add(anna, notice, PDF, shows="a letter of the sender")
    page = add(anna, notice, b"their own words", "own.txt", for_concerned="whole")
    finding, letter, words = (at.rpartition("/")[2] for at in places(page))
    shown = anna.get(f"{places(page)[0]}/shown")
    assert packed.handles[1] in shown.text
    assert "Explanations considered" in shown.text
    anna.act(notice, "acknowledge")
    anna.act(notice, "triage", priority="normal")
    anna.act(
        notice,
        "ask_to_be_heard",
        put_to_them="x",
        answer_until="2026-02-20",
        concerned_email="them@example.org",
    )
    link = link_in([one for one in letters_of(house) if one.purpose == "hearing"][-1])
    them = somebody()
    page = them.get(link)
    assert "What it rests on" in said(page)
    assert "Findings are written in English only" not in said(page)
    assert "Befunde sind nur auf Englisch verfasst" in said(them.get(f"{link}?lang=de"))
    them.get(f"{link}?lang=en")
    assert "a letter of the sender" in said(page)
    assert "print.pdf" not in page.text
    shown = them.get(f"{link}/evidence/{finding}/shown")
    assert own in shown.text
    assert "among them example:1000" in said(shown)
    for other in filter(None, (*others, *packed.handles[1:])):
        assert other not in shown.text
    assert "Explanations considered" in shown.text
    assert them.get(f"{link}/evidence/{words}").content == b"their own words"
    for path in (finding, letter, f"{letter}/shown", "999999", "x", f"{words}/shown"):
        assert them.get(f"{link}/evidence/{path}").status_code == 404
    for path in (f"{finding}/shown", words):
        assert them.get(f"{sender_link}/evidence/{path}").status_code == 404
    assert "What it rests on" not in said(them.get(sender_link))
    mine = FILES.c.sha256 == hashlib.sha256(packed.content).hexdigest()
    for content in (b"damaged on the disk", packed.content):
        with writing(house.store.engine) as connection:
            connection.execute(update(FILES).where(mine).values(content=content))
        page = them.get(link)
        assert "a letter of the sender" in said(page), "the way to answer and appeal stays"
        assert (f"evidence/{finding}/" in page.text) == (content == packed.content)
    member("ben").act(notice, "conclude", outcome="no_action", told="Nothing is wrong.")
    page = add(anna, notice, b"of the decision", "after.txt", for_concerned="whole")
    after = f"{link}/evidence/{places(page)[-1].rpartition('/')[2]}"
    assert them.get(after).status_code == 404
    anna.act(notice, "notify")
    assert them.get(after).content == b"of the decision"


def test_each_person_sees_the_findings_about_them_alone(
    house: House,
    member: Callable[[str], Visitor],
    somebody: Callable[[], Visitor],
    packed: Packed,
    tmp_path: Path,
) -> None:
    run = make_names_run(tmp_path)
    imitator = next(one for one in read_findings(run) if one["subjects"] == ["x:2"])
    theirs = "https://x.com/i/user/2"
    others = f"https://social.example/@{packed.subjects[0].partition(':')[2]}"
    _, notice = report(somebody(), urls=f"{others}\n{theirs}")
    anna = member("anna")
    add(anna, notice, packed.content, "group.zip")
    packed_names = pack_finding(run, imitator["id"])
    page = add(anna, notice, packed_names, "names.zip", for_concerned="whole")
    of_group, of_names = (at.rpartition("/")[2] for at in places(page))
    anna.act(notice, "acknowledge")
    anna.act(notice, "triage", priority="normal")
    put = {"put_to_them": "x", "answer_until": "2026-02-20"}
    action = f"/records/{notice}/acts/ask_to_be_heard"
    refused = anna.fill(f"/records/{notice}", action, why="x", **put)
    assert refused.status_code == 422
    assert "say which addresses are theirs" in said(refused)
    asked = anna.act(notice, "ask_to_be_heard", concerned_urls=theirs, **put)
    link = re.search(r"/follow/[\w-]{20,}", asked.text)
    assert link is not None
    page = somebody().get(link.group())
    assert f"evidence/{of_names}/shown" in page.text
    assert f"evidence/{of_group}/shown" not in page.text
    shown = somebody().get(f"{link.group()}/evidence/{of_names}/shown")
    assert "morningheraid" in shown.text
    german = said(somebody().get(f"{link.group()}/evidence/{of_names}/shown?lang=de"))
    assert "Bevor Sie dies lesen" in german
    assert "ähnelt" in german
    assert "Befunde sind nur auf Englisch verfasst" in german
    # What is explained stands below.
    for heading in ("Genuine, by the register", "Where the names differ", "Limits"):
        assert german.count(heading) == 2
    for path in (f"{of_group}/shown", of_group, of_names):
        assert somebody().get(f"{link.group()}/evidence/{path}").status_code == 404
    group = anna.act(notice, "ask_to_be_heard", concerned_urls=others, **put)
    second = re.search(r"/follow/[\w-]{20,}", group.text)
    assert second is not None
    page = somebody().get(second.group())
    assert f"evidence/{of_names}/shown" not in page.text
    assert f"evidence/{of_group}/shown" in page.text
    german = said(somebody().get(f"{second.group()}/evidence/{of_group}/shown?lang=de"))
    assert "fast im selben Augenblick" in german
    for heading in ("How firm is it?", "Explanations considered", "What this does not say"):
        assert german.count(heading) == 2
    assert "Bevor Sie" not in said(anna.get(f"/records/{notice}/evidence/{of_group}/shown?lang=de"))
    assert (others in said(page), theirs in said(page)) == (True, False)
    page = anna.get(f"/records/{notice}")
    refused = anna.client.post(
        action,
        data={**forms_in(page)[action], "why": "x", **put, "concerned_urls": [others, theirs]},
    )
    assert "one person's addresses" in said(refused)
    anna.act(notice, "replace_link", party="concerned", concerned=_person(page, theirs))
    assert somebody().get(link.group()).status_code == 410
    assert somebody().get(second.group()).status_code == 200


def _person(page: httpx.Response, label: str) -> str:
    """The id under which a person of these addresses can be chosen."""
    found = re.search(rf'<option value="([^"]+)"[^>]*>{re.escape(label)}<', page.text)
    assert found is not None
    return found.group(1)


def test_a_comparison_of_profiles_is_shown(
    member: Callable[[str], Visitor], notice: str, tmp_path: Path
) -> None:
    run = make_names_run(tmp_path)
    finding = next(one for one in read_findings(run) if one["kind"].startswith("impersonation."))
    page = add(member("anna"), notice, pack_finding(run, finding["id"]), "f.zip")
    shown = member("anna").get(f"{places(page)[0]}/shown")
    assert "Genuine, by the register" in shown.text
    assert "Where the names differ" in shown.text


def test_a_finding_is_packed_the_same_and_not_changed(packed: Packed) -> None:
    assert pack_finding(packed.run, packed.identity) == packed.content
    assert findings_in(packed.content) == [packed.identity]
    assert packed.handles[1] in packed_page(packed.content, packed.identity)
    with pytest.raises(InputError, match="no finding 'other'"):
        pack_finding(packed.run, "other")


def naming(path: str) -> bytes:
    """A list of one finding, whose evidence is said to lie there."""
    evidence = [{"path": path, "sha256": "0" * 64}]
    return json.dumps({"findings": [{"id": "a", "evidence": evidence}]}).encode()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"evidence/posts.parquet": ANOTHER},
            "is not the file that the finding names",
        ),
        ({"findings.json": b'{"findings": []}'}, "holds 0 findings"),
        ({"findings.json": b'{"findings": ["x"]}'}, "cannot be read: it is no list of findings"),
        ({"findings.json": naming("a\0b")}, "refers to what is the name of no file"),
        ({"findings.json": naming("a" * 5000)}, "refers to what is the name of no file"),
        ({"findings.json": naming("../a")}, "refers to a file outside the run"),
        ({"network.parquet": b"PAR1"}, "is damaged"),
        ({"../outside": b"x"}, "could lead outside"),
    ],
)
def test_a_damaged_or_hostile_finding_is_refused(
    member: Callable[[str], Visitor],
    notice: str,
    packed: Packed,
    change: dict[str, bytes],
    told: str,
) -> None:
    bad = io.BytesIO()
    left = {
        name.replace("evidence/", f"evidence/{packed.identity}/"): content
        for name, content in change.items()
    }
    with (
        zipfile.ZipFile(io.BytesIO(packed.content)) as good,
        zipfile.ZipFile(bad, "w") as archive,
    ):
        for name in good.namelist():
            archive.writestr(name, left.pop(name) if name in left else good.read(name))
        for name, content in left.items():
            archive.writestr(name, content)
    page = add(member("anna"), notice, bad.getvalue(), "f.zip")
    assert page.status_code == 422
    assert told in said(page)
