"""From paths to a record: what was read is not read again, and one bad page stops nobody."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from email.message import EmailMessage
from html import escape
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.documents.fake_endpoint import claims, endpoint

from assay.documents import batches, open_part, pipeline, read_pages
from assay.documents.base import Reading, Stage
from assay.documents.batches import open_files
from assay.documents.inputs import RawFile
from assay.documents.limits import Limits
from assay.documents.model_plugin import ModelEndpoint
from assay.documents.open_html import open_html
from assay.documents.page import Page, Refused
from assay.documents.pipeline import ReadOptions, read_record
from assay.documents.stages import STAGES
from assay.documents.workers import Work, Workers, outcome
from assay.errors import AssayError, InputError, StepFailed
from assay.model.progress import Silent
from assay.model.record import Claim, Span
from assay.model.record_folder import RecordFolder

CORPUS = Path(__file__).parents[2] / "examples" / "documents"


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for name in ("en-lumio-notice.txt", "en-tukan-notice.txt", "ru-denial.txt"):
        shutil.copy(CORPUS / "train" / name, folder)
    return folder


def test_only_what_is_new_is_read(pages: Path, tmp_path: Path) -> None:
    out = RecordFolder(tmp_path / "out")
    assert read_record([pages], out, ReadOptions(), Silent()).read_now == 3
    assert read_record([pages], out, ReadOptions(), Silent()).read_now == 0
    before = pq.read_table(out.claims)
    (pages / "new.txt").write_text("Vektor blocked nine channels on 3 May 2022.\n")
    summary = read_record([pages], out, ReadOptions(), Silent())
    assert (summary.read_now, summary.counts["documents"]) == (1, 4)
    (pages / "new.txt").unlink()
    assert read_record([pages], out, ReadOptions(), Silent()).read_now == 0
    assert pq.read_table(out.claims).equals(before)
    assert len(list(out.readings.glob("*/*.json"))) == 3


def test_a_changed_reader_reads_again(
    pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = RecordFolder(tmp_path / "out")
    read_record([pages], out, ReadOptions(), Silent())
    monkeypatch.setattr(pipeline, "code_fingerprint", lambda: "another version")
    assert read_record([pages], out, ReadOptions(), Silent()).read_now == 3


class Breaking:
    """A stage that cannot bear one document."""

    name = "breaking"
    languages: tuple[str, ...] = ()

    def read(self, reading: Reading) -> None:
        if "breaks" in reading.text:
            raise ValueError("no such page was foreseen")


class Counted(Silent):
    """How far a run says that it is."""

    done = 0.0

    def advance(self, amount: float) -> None:
        self.done += amount


class Misplacing:
    """A stage that names characters which one document does not have."""

    name = "misplacing"
    languages: tuple[str, ...] = ()

    def read(self, reading: Reading) -> None:
        if "misplaced" in reading.text:
            name = reading.document.document
            outside = Claim("c1", name, "document", "title", "x", "x", Span(400, 420), self.name)
            reading.claims.append(outside)


class InThisProcess(Workers):
    """Works without processes, so that a test can put a stage of its own among the others."""

    def spread(self, work: Work[Any, Any], tasks: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        for task in tasks:
            done = outcome(work.do, task, work.bounds(task))
            if isinstance(done, AssayError):
                raise done
            yield task, done


@pytest.mark.parametrize(
    ("stage", "words", "reason"),
    [
        (Breaking(), "This page breaks the reader.", "ValueError: no such page was foreseen"),
        (
            Misplacing(),
            "On 3 May 2022 Vektor blocked nine misplaced channels.",
            "a value of its claims points outside of the document",
        ),
    ],
)
def test_a_page_that_a_stage_cannot_bear_is_refused_alone(
    stage: Stage,
    words: str,
    reason: str,
    pages: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (pages / "bad.txt").write_text(words)
    monkeypatch.setattr("assay.documents.batches.STAGES", (*STAGES, stage))
    monkeypatch.setattr(pipeline, "Workers", InThisProcess)
    out, told = RecordFolder(tmp_path / "out"), Counted()
    summary = read_record([pages], out, ReadOptions(), told)
    assert told.done == 4 + 4  # opened, and read or refused
    assert summary.counts["documents"] == 3
    (refused,) = summary.refused
    assert refused.document == "bad.txt"
    assert reason in refused.reason
    assert pq.read_table(out.refused)["document"].to_pylist() == ["bad.txt"]
    assert "bad.txt" not in pq.read_table(out.measures)["document"].to_pylist()


def test_what_breaks_in_an_entry_or_an_attachment_costs_the_others_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opening(raw: RawFile, limits: Limits) -> Page | Refused:
        if b"breaks" in raw.data:
            raise ValueError("no such page was foreseen")
        return open_html(raw, limits)

    monkeypatch.setattr(open_part, "open_html", opening)
    monkeypatch.setattr(read_pages, "open_html", opening)
    good, bad = ("<p>Vektor blocked nine channels.</p>", "<p>This page breaks the reader.</p>")
    entries = "".join(
        f"<item><description>{escape(one)}</description></item>" for one in (good, bad, good)
    )
    letter, forwarded = EmailMessage(), EmailMessage()
    forwarded.set_content(bad, subtype="html")
    forwarded.add_attachment("Vektor blocked ten channels.", filename="note.txt")
    letter["Subject"] = forwarded["Subject"] = "The ministry asks"
    letter.set_content("The ministry asks Vektor to restore nine channels.")
    letter.add_attachment(forwarded)
    letter.add_attachment(good, subtype="html", filename="page.html")
    files: list[RawFile | Refused] = [
        RawFile("feed.xml", f"<rss><channel>{entries}</channel></rss>".encode()),
        RawFile("page.html", bad.encode()),
        RawFile("letter.eml", letter.as_bytes()),
    ]
    found = {one.document: one for one in open_files(files, Limits(), InThisProcess(1))}
    refused = {name for name, one in found.items() if isinstance(one, Refused)}
    assert refused == {"feed.xml#2", "page.html", "letter.eml#part-1"}
    assert set(found) - refused == {
        "feed.xml#1",
        "feed.xml#3",
        "letter.eml",
        "letter.eml#part-1#note.txt",
        "letter.eml#page.html",
    }
    for name in refused:
        why = found[name]
        assert isinstance(why, Refused)
        assert why.reason == "opening it failed: ValueError: no such page was foreseen"


SENTENCE = "The ministry said that Facebook removed twelve accounts on Monday and others did not "


def test_whatever_takes_too_long_or_too_much_is_given_up_and_the_others_read(
    pages: Path, tmp_path: Path
) -> None:
    """A line without an end is a trap for the parser, a page of tags one for whoever opens it."""
    (pages / "a-line.txt").write_text(SENTENCE * 120)
    (pages / "a-page.html").write_text(f"<p>{SENTENCE * 20_000}</p>")
    limits = Limits(cpu_s=0.6, chars_a_cpu_s=20_000, memory_bytes=50 << 20)
    out = RecordFolder(tmp_path / "out")
    summary = read_record([pages], out, ReadOptions(processes=2, limits=limits), Silent())
    assert summary.counts["documents"] == 3
    told = {one.document: one for one in summary.refused}
    assert set(told) == {"a-line.txt", "a-page.html"}
    assert all(re.search("took more than", one.reason) and one.fix for one in told.values())
    (pages / "a-line.txt").unlink()
    assert read_record([pages], out, ReadOptions(limits=limits), Silent()).read_now == 0


def test_two_files_of_one_name_are_both_read_and_a_file_named_twice_once(
    pages: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "ru-denial.txt").write_text("Quite another text about the weather.\n")
    out = RecordFolder(tmp_path / "out")
    read_record([pages, other, pages / "ru-denial.txt"], out, ReadOptions(), Silent())
    names = pq.read_table(out.documents)["document"].to_pylist()
    assert names == [
        "en-lumio-notice.txt",
        "en-tukan-notice.txt",
        "ru-denial.txt",
        "ru-denial.txt~2",
    ]


def test_bad_inputs_are_told_and_the_others_read(pages: Path, tmp_path: Path) -> None:
    (pages / "empty.txt").write_bytes(b"")
    (pages / "noise.bin").write_bytes(os.urandom(3000))
    (pages / "blank.pdf").write_bytes(b"%PDF-1.4\nnot really")
    out = RecordFolder(tmp_path / "out")
    summary = read_record([pages], out, ReadOptions(), Silent())
    assert summary.counts["documents"] == 3
    refused = {one.document: one for one in summary.refused}
    assert set(refused) == {"empty.txt", "noise.bin", "blank.pdf"}
    assert all(one.reason and one.fix for one in refused.values())


def test_names_that_no_table_or_terminal_takes_are_written_out(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in (b"a\xff.txt", b"b\x1b[2J\n.txt", b"c" * 251 + b".txt"):
        (tmp_path / "in" / os.fsdecode(name)).write_text("Vektor blocked nine channels.\n")
    out = RecordFolder(tmp_path / "in" / "out")
    for _ in range(2):
        read_record([tmp_path / "in"], out, ReadOptions(), Silent())
        names = pq.read_table(out.documents)["document"].to_pylist()
        assert names == ["a\\udcff.txt", "b\\x1b[2J\\n.txt", "c" * 251 + ".txt"]


def test_a_disk_that_takes_no_reading_stops_the_run_and_blames_no_document(
    pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "Workers", InThisProcess)
    out = RecordFolder(tmp_path / "out")
    out.folder.mkdir()
    out.readings.write_text("no folder, so that nothing can be saved in it")
    with pytest.raises(StepFailed, match="cannot be saved") as told:
        read_record([pages], out, ReadOptions(), Silent())
    assert "disk" in str(told.value.fix)


def test_no_documents_at_all(tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    with pytest.raises(InputError, match="no documents"):
        read_record([tmp_path / "nothing"], RecordFolder(tmp_path / "out"), ReadOptions(), Silent())


def test_several_processes_read_the_same(
    pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH_CHARS", 400)
    text = (pages / "en-lumio-notice.txt").read_text()
    for number in range(4):
        body = text.replace("19 accounts", f"{number + 20} accounts")
        (pages / f"long{number}.txt").write_text(body)
    alone, together = RecordFolder(tmp_path / "alone"), RecordFolder(tmp_path / "together")
    read_record([pages], alone, ReadOptions(processes=1), Silent())
    read_record([pages], together, ReadOptions(processes=2), Silent())
    for name in ("claims", "measures", "statements", "documents"):
        assert pq.read_table(getattr(alone, name)).equals(pq.read_table(getattr(together, name)))


def test_the_model_is_asked_once_for_a_document_and_its_drops_are_told(
    pages: Path, tmp_path: Path
) -> None:
    made_up = {"subject": "M1", "slot": "count", "value": "7", "quote": "seven hundred seas"}
    out = RecordFolder(tmp_path / "out")
    with endpoint(lambda _: (200, claims(made_up))) as server:
        options = ReadOptions(model=ModelEndpoint(server.url, "tiny", "secret"))
        summary = read_record([pages], out, options, Silent())
        asked = len(server.requests)
        again = read_record([pages], out, options, Silent())
        assert len(server.requests) == asked > 0
    assert sum(summary.dropped_by_model.values()) == asked
    assert again.dropped_by_model == summary.dropped_by_model
    about = json.loads(out.about.read_text())
    assert about["model"]["model"] == "tiny"
    stages = set(pq.read_table(out.claims)["stage"].to_pylist())
    assert "model:tiny" not in stages
    everything = b"".join(path.read_bytes() for path in out.folder.rglob("*") if path.is_file())
    assert b"secret" not in everything


@pytest.mark.slow
def test_stopped_in_the_middle_and_given_again(tmp_path: Path) -> None:
    """Ctrl-C ends with 130; the same command reads only what was not read yet."""
    pages = tmp_path / "pages"
    pages.mkdir()
    source = (CORPUS / "train" / "en-two-platforms.txt").read_text()
    for number in range(12):
        text = source.replace("27 accounts", f"{number + 100} accounts")
        (pages / f"{number:02}.txt").write_text(text + "\n" + text * 6)
    out = tmp_path / "out"
    command = [sys.executable, "-m", "assay", "read", str(pages), "-o", str(out), "--no-page"]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)
    deadline = time.monotonic() + 60
    while not list(out.glob(".readings/*/*.json")):
        assert time.monotonic() < deadline
        assert running.poll() is None
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGINT)
    _, told = running.communicate(timeout=60)
    done = len(list(out.glob(".readings/*/*.json")))
    assert (running.returncode, 0 < done < 12) == (130, True), told.decode()
    assert not (out / "claims.parquet").exists()
    again = subprocess.run([*command, "--json"], capture_output=True, check=True, timeout=120)
    summary = json.loads(again.stdout)
    assert summary["read_now"] == 12 - done
    assert summary["rows"]["documents"] == 12
