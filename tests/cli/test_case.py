"""``assay case`` from outside: a notice's way, what is refused, and a log changed by hand."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from assay.cases.protected_versions import NewVersion, ToErase
from assay.cases.store.accounts import Accounts, NewAccount
from assay.cases.store.case_store import open_store
from assay.cases.store.protected_registers import ProtectedRegisters
from assay.cli.case import case
from assay.errors import EXIT_FAILED, AssayError
from tests.cases.made import REASONS, REVIEW, START
from tests.cases.test_statement import fields

NOTICE = (
    "--field=urls=https://social.example/imitator",
    "--field=explanation=It uses our name.",
    "--field=sender_name=A. Sender",
    "--field=sender_email=sender@example.org",
    "--field=good_faith=yes",
)


class House:
    """A database on the disk, and the command line before it."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "cases.db"

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(case, [*arguments, f"--database={self.database}"])

    def said(self, *arguments: str, by: str = "anna", role: str = "investigator") -> str:
        done = self.run(*arguments, f"--by={by}", f"--role={role}")
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.output

    def read(self, *arguments: str, **actor: str) -> Any:
        return json.loads(self.said(*arguments, "--json", **actor))

    def notice(self) -> str:
        fact = "--fact=notice_kind=impersonation"
        made = self.read("new", "notice", "--why=reported", fact, *NOTICE)
        return str(made["id"])


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_a_notice_from_draft_to_decision(house: House) -> None:
    notice = house.notice()
    steps = [
        ("submit", (), "anna", "investigator"),
        ("acknowledge", (), "anna", "investigator"),
        ("triage", ("--fact=priority=high",), "anna", "investigator"),
        ("conclude", ("--fact=outcome=not_enough_evidence",), "ben", "reviewer"),
        ("notify", (), "anna", "investigator"),
    ]
    for version, (name, extra, by, role) in enumerate(steps, start=1):
        house.said(
            "add", notice, name, f"--version={version}", "--why=so", *extra, by=by, role=role
        )
    shown = house.said("show", notice)
    assert "notice, notified, version 6" in shown
    assert "appeal possible until" in shown
    assert "4. " in shown and "conclude by ben (reviewer), entry 4: so" in shown
    assert "possible now: close" in shown
    assert house.read("list", "--state=notified")["count"] == 1
    assert "1 of 1" in house.said("list")
    assert "the log holds" in house.run("verify").output


def test_the_statement_of_a_restriction(house: House, tmp_path: Path) -> None:
    notice = house.notice()
    with pytest.raises(AssayError, match="only a restriction"):
        house.said("statement", notice)
    said = {
        "review_rights": ("--fact=aim=morals", "--fact=incitement=no", *_fields(REVIEW)),
        "propose": ("--fact=outcome=restriction", *_fields(REASONS)),
        "prepare_statement": _fields(fields()),
    }
    names = ("submit", "acknowledge", "triage", "record_hearing", *said)
    for version, name in enumerate(names, start=1):
        extra = said.get(name, ("--fact=priority=low",) if name == "triage" else ())
        house.said("add", notice, name, f"--version={version}", "--why=so", *extra)
    house.said("add", notice, "confirm", "--version=8", "--why=so", by="ben", role="reviewer")
    house.said("statement", notice, f"--out={tmp_path / 'statement.json'}")
    written = (tmp_path / "statement.json").read_text(encoding="utf-8")
    assert json.loads(written) == json.loads(house.said("statement", notice))
    assert json.loads(written)["puid"] == notice


def _fields(texts: dict[str, str]) -> tuple[str, ...]:
    return tuple(f"--field={name}={text}" for name, text in texts.items())


def test_the_history_says_what_was_erased(house: House) -> None:
    notice = house.notice()
    reviewer = {"by": "ben", "role": "reviewer"}
    house.said(
        "add", notice, "erase", "--version=1", "--fact=entry=0", "--why=asked to", **reviewer
    )
    assert "entry 0: [erased]" in house.said("show", notice)
    assert house.read("show", notice)["events"][0]["fields"] is None
    assert "1 erased reasons" in house.run("verify").output


def test_versions_of_the_register_are_counted_with_the_erased_ones(house: House) -> None:
    house.notice()
    store = open_store(str(house.database))
    first = NewAccount("ada@example.org", "Ada", "administrator", "hash")
    ada = Accounts(store.engine).found({"name": "House"}, first, START).actor
    registers = ProtectedRegisters(store)
    for number in range(2):
        registers.keep(number, NewVersion("{}", ada, "x", "x"), START)
    registers.erase(ToErase(1, 1, ada, "asked to"), START)
    store.engine.dispose()
    told = "2 versions of the register of protected bodies, 1 erased"
    assert told in house.run("verify").output


def test_a_log_changed_by_hand_fails_with_its_exit_code(house: House, tmp_path: Path) -> None:
    house.notice()
    house.run("export-log", f"--out={tmp_path / 'out'}")
    with sqlite3.connect(house.database) as connection:
        connection.execute("UPDATE entries SET frame = replace(frame, 'anna', 'ben')")
    done = house.run("verify", f"--checkpoint={tmp_path / 'out' / 'checkpoint'}")
    assert done.exit_code == EXIT_FAILED
    assert "who, when or what was changed" in done.output
    told = json.loads(house.run("verify", "--json").output)
    assert told["holds"] is False


def test_a_forged_last_checkpoint_is_told_and_nothing_is_written_after_it(house: House) -> None:
    notice = house.notice()
    with sqlite3.connect(house.database) as connection:
        connection.execute("UPDATE checkpoints SET note = replace(note, '1', '2')")
    done = house.run("verify")
    assert (done.exit_code, "checkpoint 1" in done.output) == (EXIT_FAILED, True)
    with pytest.raises(AssayError, match="not signed by"):
        house.said("add", notice, "submit", "--version=1", "--why=x")


def test_a_writer_that_died_before_its_checkpoint_was_kept_is_made_up_for(house: House) -> None:
    house.notice()
    kept = house.database.with_name("cases.db.keys") / "checkpoint"
    written = kept.read_text(encoding="utf-8")
    kept.unlink()
    assert "the log holds" in house.run("verify").output
    assert kept.read_text(encoding="utf-8") == written


def test_the_exported_log_is_three_files(house: House, tmp_path: Path) -> None:
    house.notice()
    done = house.run("export-log", f"--out={tmp_path / 'out'}")
    assert "1 leaves" in done.output
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"leaves.txt", "checkpoint", "public.key"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("list",), "there is no such database"),
        (("new", "case", "--why=x", "--field=nothing"), "is not NAME=TEXT"),
        (("new", "case", "--why=x", "--field=a=1", "--field=a=2"), "given twice"),
        (("new", "notice", "--why=x", "--fact=notice_kind=spam"), "cannot be 'spam'"),
        (("new", "notice", "--why=x"), "needs notice_kind"),
    ],
)
def test_what_is_wrong_is_said(house: House, arguments: tuple[str, ...], told: str) -> None:
    with pytest.raises(AssayError, match=told):
        house.said(*arguments)


def test_the_database_is_its_owners_alone(house: House) -> None:
    house.notice()
    assert house.database.stat().st_mode & 0o077 == 0
