"""WACZ: the format's own tools agree, our own reader reads it, and it claims to be no capture."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cdxj_indexer.main import CDXJIndexer
from hypothesis import given, settings
from hypothesis import strategies as st
from wacz.main import main as wacz
from warcio.archiveiterator import ArchiveIterator

from assay.documents.page import Refused
from assay.documents.read_pages import read_documents
from assay.errors import InputError, UsageError, to_install
from assay.exchange.wacz import Names, Wacz
from assay.exchange.wacz_pages import NOTICE, finding_page
from assay.exchange.warc_records import WarcFile
from assay.model.dataset import RunFolder
from tests.bundle.made_bundle import MadeRun
from tests.exchange.made_run import make_run


@pytest.fixture(scope="module")
def archive(made: MadeRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Wacz().write(made.run, tmp_path_factory.mktemp("wacz") / "evidence.wacz")[0]


@pytest.fixture(scope="module")
def warc(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with zipfile.ZipFile(archive) as packed:
        return Path(packed.extract("archive/data.warc", tmp_path_factory.mktemp("warc")))


def test_the_validator_of_the_format_agrees(archive: Path, tmp_path: Path) -> None:
    assert wacz(["validate", "-f", str(archive)]) == 0
    broken = tmp_path / "broken.wacz"
    with zipfile.ZipFile(archive) as packed, zipfile.ZipFile(broken, "w") as out:
        for name in packed.namelist():
            content = packed.read(name)
            out.writestr(name, content.replace(b"elsewhen", b"Elsewhen"))
    assert wacz(["validate", "-f", str(broken)]) == 1


def test_the_parts_are_those_of_the_specification(archive: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        assert {one.compress_type for one in packed.infolist()} == {zipfile.ZIP_STORED}
        package = json.loads(packed.read("datapackage.json"))
        digest = json.loads(packed.read("datapackage-digest.json"))
        assert (
            digest["hash"].removeprefix("sha256:")
            == hashlib.sha256(packed.read("datapackage.json")).hexdigest()
        )
        listed = {one["path"] for one in package["resources"]}
        assert listed | {"datapackage.json", "datapackage-digest.json"} == set(packed.namelist())
        head, *pages = map(json.loads, packed.read("pages/pages.jsonl").splitlines())
        index = packed.read("indexes/index.cdxj").decode().splitlines()
    assert (package["profile"], package["wacz_version"]) == ("data-package", "1.1.1")
    assert head["format"] == "json-pages-1.0"
    held = {json.loads(line.split(" ", 2)[2])["url"] for line in index}
    assert {page["url"] for page in pages} <= held
    assert pages[0]["url"] == package["mainPageUrl"]


def test_the_index_is_the_one_that_the_usual_indexer_makes(archive: Path, warc: Path) -> None:
    out = io.StringIO()
    CDXJIndexer(out, [str(warc)], sort=True, records="resource").process_all()
    with zipfile.ZipFile(archive) as packed:
        assert packed.read("indexes/index.cdxj").decode() == out.getvalue()


def test_nothing_in_it_looks_like_a_capture(warc: Path) -> None:
    kinds = []
    with warc.open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            kinds.append(record.rec_type)
            assert record.http_headers is None
            content = record.content_stream().read()
            if record.rec_type == "warcinfo":
                assert f"description: {NOTICE}\r\n".encode() in content
            else:
                uri = record.rec_headers.get_header("WARC-Target-URI")
                assert uri.startswith("urn:assay:")
                assert record.rec_headers.get_header("WARC-Date").startswith("1980-01-01")
    assert kinds[0] == "warcinfo"
    assert set(kinds[1:]) == {"resource"}


def test_every_evidence_file_and_every_row_is_in_it(made: MadeRun, warc: Path) -> None:
    contents = {}
    with warc.open("rb") as stream:
        for record in ArchiveIterator(stream):
            uri = record.rec_headers.get_header("WARC-Target-URI") or ""
            contents[uri.split(":", 3)[-1]] = record.content_stream().read()
    findings = json.loads(contents["findings.json"])["findings"]
    assert findings
    for finding in findings:
        for one in finding["evidence"]:
            path = made.run.folder / one["path"]
            name = f"evidence:{finding['id']}:{path.name}"
            assert contents[name] == path.read_bytes()
            if path.name != "posts.parquet":
                continue
            table = pq.read_table(path)
            told = [json.loads(contents[f"{name}:{number}"]) for number in range(len(table))]
            moments = pa.array([one.pop("created_at") for one in told])
            assert moments.cast(table["created_at"].type).equals(
                table["created_at"].combine_chunks()
            )
            assert told == table.drop_columns("created_at").to_pylist()


def test_our_own_reader_reads_it_and_takes_no_date_for_a_capture(archive: Path) -> None:
    documents = [one for one in read_documents([archive]) if not isinstance(one, Refused)]
    by_name = {one.document.rsplit(":", 1)[-1]: one for one in documents}
    assert "no capture of a site" in by_name["about"].text
    assert any("coaction-community" in name for name in by_name)
    assert not [date for one in documents for date in one.dates if date.role == "captured"]


def test_the_same_run_gives_the_same_bytes(made: MadeRun, archive: Path, tmp_path: Path) -> None:
    again = Wacz().write(made.run, tmp_path / "deep" / "again.wacz")[0]
    assert again.read_bytes() == archive.read_bytes()
    assert [path.name for path in again.parent.iterdir()] == ["again.wacz"]


def test_changed_and_missing_evidence_is_refused(made: MadeRun, tmp_path: Path) -> None:
    shutil.copytree(made.run.folder, tmp_path / "run")
    run = RunFolder(tmp_path / "run")
    posts = next(run.evidence.glob("*/posts.parquet"))
    posts.write_bytes(posts.read_bytes() + b"x")
    with pytest.raises(InputError, match="is not what the run froze"):
        Wacz().write(run, tmp_path / "e.wacz")
    posts.unlink()
    with pytest.raises(InputError, match="is missing"):
        Wacz().write(run, tmp_path / "e.wacz")
    assert not list(tmp_path.glob("*.wacz*"))
    with pytest.raises(InputError, match=r"run\.json cannot be read"):
        Wacz().write(RunFolder(tmp_path), tmp_path / "e.wacz")


def test_a_run_without_findings_says_so(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", {"a": "ann", "b": "bob"})
    path = Wacz().write(run, tmp_path / "e.wacz")[0]
    with zipfile.ZipFile(path) as packed:
        assert b"The run found nothing." in packed.read("archive/data.warc")


def test_without_warcio_the_error_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "warcio.warcwriter", None)
    run = make_run(tmp_path / "run", {"a": "ann", "b": "bob"})
    with pytest.raises(UsageError, match="warcio") as raised:
        Wacz().write(run, tmp_path / "e.wacz")
    assert raised.value.fix == to_install("evidence")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(max_size=300), max_size=5))
def test_any_bytes_come_back_from_a_record(contents: list[bytes]) -> None:
    out = io.BytesIO()
    file = WarcFile(out, "x.warc", {"software": "test"})
    for number, content in enumerate(contents):
        file.add(f"urn:assay:x:{number}", "application/octet-stream", content)
    out.seek(0)
    records = [
        (one.rec_type, one.content_stream().read())
        for one in ArchiveIterator(out, check_digests="raise")
    ]
    assert [content for kind, content in records if kind == "resource"] == contents
    assert len(file.index) == len(contents)


@given(st.text(max_size=60))
def test_what_strangers_wrote_is_escaped_in_pages(text: str) -> None:
    finding = {"id": "f", "statement": f"<script>{text}</script>", "evidence": [], "limits": [text]}
    page = finding_page(finding, Names("urn:assay:x")).decode()
    assert "<script" not in page
    assert page.count("<li>") == 1
