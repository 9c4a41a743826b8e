"""The sample case of the set-up: offered, filed once, marked, worked with, never public, gone."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from assay.cases.store.one_at_a_time import AlreadyOpen
from assay.cases.store.verify import verify
from assay.model.method import METHOD
from assay.report.assets import policy_hash
from assay.web.house import House
from assay.web.sample import SAMPLE, file_sample
from tests.contract.sample import first_packed
from tests.e2e.commands import assay
from tests.web.served import Visitor, first_start, forms_in, letters_of, new_house, opened, said
from tests.web.test_api import account


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Callable[[], Visitor]]]:
    house = new_house(tmp_path_factory.mktemp("house"))
    with opened(house) as somebody:
        yield house, somebody


def test_from_the_first_start_to_its_end(new: tuple[House, Callable[[], Visitor]]) -> None:
    house, somebody = new
    admin = somebody()
    page = first_start(house, admin)
    assert 'href="/setup/sample"' in page.text
    page = admin.fill("/setup/sample", "/setup/sample")
    record = page.url.path.rpartition("/")[2]
    assert "made by a simulation" in said(page)
    assert '<span class="badge firm">sample</span>' in page.text
    assert "The hashes inside were right." in said(page)
    assert "<strong>sample</strong>" in admin.get("/queue").text
    finding = admin.get(f"/records/{record}/evidence/2/shown")
    assert "13 accounts shared 26 links" in said(finding)
    # A style sheet that the policy does not name is one that no browser uses.
    (style,) = re.findall(r"<style>(.*?)</style>", finding.text, re.S)
    assert policy_hash(style) in finding.headers["Content-Security-Policy"]

    # Once is enough, and the page knows.
    assert f'href="/records/{record}"' in admin.get("/setup/sample").text
    typed = {"csrf": forms_in(admin.get("/account"))["/account/tokens"]["csrf"], "sample": "yes"}
    assert admin.client.post("/setup/sample", data=typed).url.path == f"/records/{record}"
    assert "1 matter" in said(admin.get("/queue?view=all"))

    # It goes its way like any notice, and nobody is written to.
    admin.act(record, "acknowledge")
    admin.act(record, "triage", priority="low")
    admin.act(record, "withdraw")
    assert "withdrawn" in said(admin.get(f"/records/{record}"))
    assert letters_of(house) == []
    assert admin.fill("/setup/sample", "/setup/sample", sample="").url.path == "/queue"
    ada, both = account(house, "ada").actor, Barrier(2)

    def files(_: int) -> str:
        both.wait()
        try:
            return file_sample(house, ada).id
        except AlreadyOpen as standing:
            return standing.identity

    with ThreadPoolExecutor(2) as clicks:
        again, twice = clicks.map(files, range(2))
    assert again == twice != record
    assert verify(house.store).holds


def test_what_was_decided_on_it_cannot_become_public(
    new: tuple[House, Callable[[], Visitor]],
) -> None:
    house, somebody = new
    admin = somebody().sign_in("ada")
    record = admin.get("/setup/sample").text.partition('href="/records/')[2].partition('"')[0]
    admin.act(record, "acknowledge")
    admin.act(record, "triage", priority="low")
    admin.act(record, "conclude", outcome="no_action", told="A simulation needs nothing.")
    page = admin.act(record, "notify")
    assert "/register" not in page.text.partition("<main")[2]
    year = house.now().year
    rows = house.register.transparency(year, house.now())
    assert {row.value for row in rows if row.indicator == "received"} == {0}


def test_the_finding_is_of_this_version_of_the_method() -> None:
    with zipfile.ZipFile(SAMPLE) as archive:
        told = json.loads(archive.read("run.json"))
    assert told["method"] == METHOD, "run make sample and commit the file"


@pytest.mark.slow
def test_the_demo_makes_it_again(tmp_path: Path) -> None:
    campaign, result = tmp_path / "campaign", tmp_path / "result"
    asked = ("simulate", "--seed", 1, "--group-sleepers", 0.3, "-o", campaign)
    assert assay(*asked).returncode == 0
    tables = (campaign / "posts.csv", campaign / "accounts.csv")
    assert assay("scan", *tables, "-o", result).returncode == 0
    packed = tmp_path / "finding.zip"
    packed.write_bytes(first_packed(result))
    assert _texts(packed) == _texts(SAMPLE), "run make sample and commit the file"


def _texts(path: Path) -> dict[str, object]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "run.json"}
