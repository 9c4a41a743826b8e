"""`assay review --join`, `--split`, `--events`: people decide which documents tell of one act."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assay.cli.read import read
from assay.cli.review import review
from assay.errors import InputError, UsageError

CORPUS = Path(__file__).parents[2] / "examples" / "documents" / "train"
NAMES = ("de-chirpnet.txt", "fr-chirpnet.txt", "ru-chirpnet.txt")
DE, FR, RU = (f"{name}:M1" for name in NAMES)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pages = tmp_path_factory.mktemp("read")
    for name in NAMES:
        shutil.copy(CORPUS / name, pages)
    answer = CliRunner().invoke(read, [str(pages), "-o", str(pages / "record"), "--quiet"])
    assert answer.exit_code == 0, answer.output
    return pages


@pytest.fixture
def record(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made / "record", tmp_path / "record")
    return tmp_path / "record"


def reviewed(record: Path, *options: str, keys: str = "") -> Result:
    return CliRunner().invoke(review, [str(record), "--by", "Ada", *options], input=keys)


def tellings(record: Path) -> set[frozenset[str]]:
    told = json.loads(CliRunner().invoke(review, [str(record), "--events", "--json"]).stdout)
    return {frozenset(one["name"] for one in event["tellings"]) for event in told}


def test_split_and_joined_again_at_once_and_after_a_rerun(made: Path, record: Path) -> None:
    assert tellings(record) == {frozenset((DE, FR, RU))}
    assert reviewed(record, "--split", RU).exit_code == 0
    assert tellings(record) == {frozenset((DE, FR)), frozenset((RU,))}
    assert (record / "record.html").read_text().count('class="card event"') == 2
    assert len((record / "csv" / "events.csv").read_text().splitlines()) == 3
    # The same command again reads nothing and keeps the choice.
    inputs = [str(made / name) for name in NAMES]
    again = CliRunner().invoke(read, [*inputs, "-o", str(record), "--json"])
    assert json.loads(again.stdout)["read_now"] == 0
    assert tellings(record) == {frozenset((DE, FR)), frozenset((RU,))}
    assert reviewed(record, "--join", DE, RU).exit_code == 0
    assert tellings(record) == {frozenset((DE, FR, RU))}
    kept = [json.loads(line) for line in (record / "choices.jsonl").read_text().splitlines()]
    assert [one["choice"] for one in kept] == ["split", "split", "join"]
    assert {one["by"] for one in kept} == {"Ada"}
    (event,) = json.loads(reviewed(record, "--events", "--json").stdout)
    assert event["joined_by"] == "Ada"


def test_events_one_after_another(record: Path) -> None:
    answer = reviewed(record, "--events", keys=f"s\nno such\ns\n{FR}\nq\n")
    assert "no telling of an event is named 'no such'" in answer.output
    assert answer.exit_code == 0, answer.output
    assert tellings(record) == {frozenset((DE, RU)), frozenset((FR,))}
    answer = reviewed(record, "--events", keys=f"k\nj\n{DE}\nk\n")
    assert answer.exit_code == 0, answer.output
    assert tellings(record) == {frozenset((DE, FR, RU))}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--split", "nobody.txt:M1"), "no telling"),
        (("--join", DE, FR), "one event already"),
        (("--join", DE, "E"), "no event is named 'E'"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_kept(
    record: Path, options: tuple[str, ...], told: str
) -> None:
    answer = reviewed(record, *options)
    assert isinstance(answer.exception, UsageError)
    assert told in str(answer.exception)
    assert not (record / "choices.jsonl").exists()


def test_a_telling_alone_cannot_be_split(record: Path) -> None:
    assert reviewed(record, "--split", RU).exit_code == 0
    answer = reviewed(record, "--split", RU)
    assert "stands alone" in str(answer.exception)


def test_a_record_whose_readings_are_gone_says_how_to_go_on(record: Path) -> None:
    shutil.rmtree(record / ".readings")
    answer = reviewed(record, "--split", RU)
    assert isinstance(answer.exception, InputError)
    assert "your choice is kept" in str(answer.exception)
    assert (record / "choices.jsonl").exists()
