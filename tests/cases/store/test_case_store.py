"""The store on both databases: histories, visibility, concurrent edits, erasure, signing."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from assay.cases import merkle
from assay.cases.refused import Refused
from assay.cases.store.case_store import CaseStore, EditConflict, open_store
from assay.cases.store.connect import reading, writing
from assay.cases.store.listing import Wanted
from assay.cases.store.public_register import PublicRegister
from assay.cases.store.tables import METADATA
from assay.cases.store.verify import verify
from assay.errors import CheckFailed, InputError
from assay.model.case import Actor, Record
from tests.cases.made import ADMIN, ANNA, BEN, COMPLETE, DORA, EVE, START, act

ALL = Wanted()


def notice(store: CaseStore, by: Actor = ANNA) -> Record:
    draft = act("draft", notice_kind="impersonation", fields=COMPLETE)
    return store.open_record("notice", draft, by=by, at=START)


def test_a_title_is_found_in_whatever_case(store: CaseStore) -> None:
    titles = ("\u00dcber ein Konto", "\u0421\u0447\u0451\u0442", "100%_sure")
    for title in titles:
        store.open_record("case", act("draft", fields={"title": title}), by=ANNA, at=START)
    typed = ("\u00fcBER", "\u0441\u0427\u0401\u0442", "%_SURE")
    for asked, title in zip(typed, titles, strict=True):
        assert [row["title"] for row in store.records(ANNA, Wanted(text=asked))] == [title]
    assert store.count(ANNA, Wanted(text="_")) == 1
    assert "title_folded" not in store.records(ANNA, Wanted())[0]


def test_a_record_comes_back_as_the_fold_of_its_history(store: CaseStore) -> None:
    opened = notice(store)
    sent = store.act(opened.id, 1, act("submit"), by=ANNA, at=START + timedelta(minutes=1))
    found, history = store.record(opened.id, ANNA)
    assert found == sent
    assert [(index, event.name) for index, event in history] == [(0, "draft"), (1, "submit")]
    assert found.fields == COMPLETE
    assert verify(store).holds


def test_the_migrations_make_the_tables_of_the_code(store: CaseStore) -> None:
    with reading(store.engine) as connection:
        seen = inspect(connection)
        assert set(seen.get_table_names()) == {*METADATA.tables, "alembic_version"}
        for table in METADATA.tables.values():
            columns = {
                column["name"]: (str(column["type"]), column["nullable"])
                for column in seen.get_columns(table.name)
            }
            dialect = store.engine.dialect
            assert columns == {
                column.name: (column.type.compile(dialect), column.nullable)
                for column in table.columns
            }
            assert {index["name"] for index in seen.get_indexes(table.name)} >= {
                index.name for index in table.indexes
            }


def test_opening_again_changes_nothing(store: CaseStore, database: str) -> None:
    opened = notice(store)
    again = open_store(database, store.keys.path)
    assert again.record(opened.id, ANNA)[0] == opened
    again.engine.dispose()


def test_the_second_editor_sees_what_changed_and_loses_nothing(store: CaseStore) -> None:
    opened = notice(store)
    store.act(opened.id, 1, act("amend", fields={"title": "first"}), by=ANNA, at=START)
    mine = act("amend", fields={"title": "second, and long"})
    with pytest.raises(EditConflict) as conflict:
        store.act(opened.id, 1, mine, by=BEN, at=START)
    assert [event.fields for event in conflict.value.since] == [{"title": "first"}]
    assert conflict.value.act is mine
    assert store.record(opened.id, ANNA)[0].fields["title"] == "first"


def test_of_many_at_once_one_wins_each_round_and_the_log_holds(store: CaseStore) -> None:
    opened = notice(store)
    done: list[int] = []

    def edit(number: int) -> None:
        for _ in range(60):
            version = store.record(opened.id, ANNA)[0].version
            try:
                store.act(opened.id, version, act("note"), by=ANNA, at=START)
            except EditConflict:
                continue
            done.append(number)
            return

    threads = [threading.Thread(target=edit, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == list(range(6))
    verdict = verify(store)
    assert (verdict.faults, verdict.entries) == ([], 7)


def test_restricted_records_leak_neither_to_lists_nor_to_counts(store: CaseStore) -> None:
    open_one, hidden = notice(store), notice(store)
    store.act(hidden.id, 1, act("restrict"), by=ANNA, at=START)
    assert store.count(ANNA, ALL) == 2
    for other in (BEN, ADMIN, Actor("olga", "auditor"), DORA):
        assert [row["id"] for row in store.records(other, ALL)] == [open_one.id]
        assert store.count(other, ALL) == 1
        with pytest.raises(Refused, match="there is no such record") as told:
            store.record(hidden.id, other)
        with pytest.raises(Refused) as unknown:
            store.record("0" * 16, other)
        assert str(told.value) == str(unknown.value)
        with pytest.raises(Refused, match="there is no such record"):
            store.act(hidden.id, 2, act("note"), by=other, at=START)
    store.act(hidden.id, 2, act("add_member", member="ben"), by=ANNA, at=START)
    assert store.count(BEN, ALL) == 2


def test_partners_see_theirs_and_the_public_sees_the_register(store: CaseStore) -> None:
    partner = Actor("paul", "partner")
    theirs, foreign = notice(store, partner), notice(store)
    entry = store.open_record("register", act("enter"), by=ANNA, at=START)
    assert [row["id"] for row in store.records(partner, ALL)] == [theirs.id]
    assert store.count(EVE, ALL) == 0
    store.act(entry.id, 1, act("publish"), by=BEN, at=START)
    assert [row["id"] for row in store.records(EVE, ALL)] == [entry.id]
    with pytest.raises(Refused, match="no such record"):
        store.record(foreign.id, partner)


def test_an_erased_public_text_does_not_bring_a_draft_to_light(store: CaseStore) -> None:
    register = PublicRegister(store.engine)
    draft = act("enter", fields={"title": "A. Person, unredacted"})
    entry = store.open_record("register", draft, by=ANNA, at=START)
    publish = act("publish", fields={"title": "A person", "summary": "x"})
    store.act(entry.id, 1, publish, by=BEN, at=START)
    (row,) = register.listed(outcome=None, text=None, after=None)
    assert row["title"] == "A person"
    store.act(entry.id, 2, act("erase", entry=1), by=BEN, at=START)
    (row,) = register.listed(outcome=None, text=None, after=None)
    assert row["title"] is None
    assert not register.listed(outcome=None, text="unredacted", after=None)
    assert verify(store).holds


def test_pages_of_a_list_hold_every_record_once(store: CaseStore) -> None:
    identities = {notice(store).id for _ in range(7)}
    seen: list[str] = []
    after = None
    while rows := store.records(ANNA, Wanted(kind="notice", after=after, limit=3)):
        seen += [row["id"] for row in rows]
        after = (rows[-1]["changed_at"], rows[-1]["id"])
    assert len(seen) == 7
    assert set(seen) == identities
    assert store.count(ANNA, Wanted(state="submitted")) == 0


def test_what_is_due_is_found(store: CaseStore) -> None:
    opened = notice(store)
    store.act(opened.id, 1, act("submit"), by=ANNA, at=START)
    assert store.count(ANNA, Wanted(due_before=START + timedelta(hours=1))) == 0
    assert store.count(ANNA, Wanted(due_before=START + timedelta(days=2))) == 1


def test_an_erased_reason_is_gone_and_every_proof_still_holds(
    store: CaseStore, database: str
) -> None:
    opened = notice(store)
    secret = "a name that must go"
    store.act(opened.id, 1, act("amend", fields={"note": secret}), by=ANNA, at=START)
    before, note = store.checkpoint()
    erased = store.act(opened.id, 2, act("erase", entry=1), by=BEN, at=START)
    assert "note" not in erased.fields
    assert store.record(opened.id, ANNA)[1][1][1].fields is None
    verdict = verify(store, note)
    assert (verdict.faults, verdict.erased) == ([], 1)
    after, _ = store.checkpoint()
    proof = store.consistency_proof(before.size, after.size)
    sizes, roots = (before.size, after.size), (before.root, after.root)
    assert merkle.consistency_holds(sizes, roots, proof)
    if "://" not in database:
        files = Path(database).parent.glob(Path(database).name + "*")
        assert not any(secret.encode() in path.read_bytes() for path in files if path.is_file())


def test_only_entries_of_the_record_itself_are_erased(store: CaseStore) -> None:
    first, second = notice(store), notice(store)
    with pytest.raises(Refused, match="not of this record"):
        store.act(first.id, 1, act("erase", entry=1), by=BEN, at=START)
    assert store.record(second.id, ANNA)[1][0][1].fields == COMPLETE
    assert store.record(first.id, ANNA)[0].version == 1


def test_every_entry_is_proven(store: CaseStore) -> None:
    for _ in range(5):
        notice(store)
    newest, _ = store.checkpoint()
    with reading(store.engine) as connection:
        leaves = [row.leaf for row in connection.execute(text("SELECT leaf FROM entries"))]
    hashes = [merkle.leaf_hash(bytes(leaf)) for leaf in leaves]
    for index in range(5):
        proof = store.inclusion_proof(index, newest.size)
        assert any(
            merkle.inclusion_holds(leaf, index, newest.size, proof, newest.root) for leaf in hashes
        )


def test_the_tree_tells_nothing(store: CaseStore, tmp_path: Path) -> None:
    opened = notice(store)
    notice(store)
    assert store.export_log(tmp_path / "out") == 2
    told = "".join(path.read_text("utf-8") for path in (tmp_path / "out").iterdir())
    assert opened.id not in told
    assert "anna" not in told
    assert len(set((tmp_path / "out" / "leaves.txt").read_text().split())) == 2


def test_nothing_is_signed_over_a_log_that_was_cut(store: CaseStore) -> None:
    opened = notice(store)
    store.act(opened.id, 1, act("note"), by=ANNA, at=START)
    with writing(store.engine) as connection:
        connection.execute(text("DELETE FROM entries WHERE log_index = 1"))
        connection.execute(text("DELETE FROM nodes WHERE position = 1 OR level = 1"))
        connection.execute(text("DELETE FROM checkpoints WHERE size = 2"))
        connection.execute(text("UPDATE records SET version = 1"))
    with pytest.raises(CheckFailed, match="not the one that was signed last"):
        store.act(opened.id, 1, act("note"), by=ANNA, at=START)


def test_without_its_key_a_log_is_not_continued(store: CaseStore, database: str) -> None:
    notice(store)
    with pytest.raises(InputError, match="cannot be read"):
        open_store(database, store.keys.path / "elsewhere", make=True)


def test_the_key_is_its_owners_alone(store: CaseStore) -> None:
    assert store.keys.secret.stat().st_mode & 0o077 == 0


def test_a_database_of_something_else_is_left_alone(store: CaseStore, database: str) -> None:
    with writing(store.engine) as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(InputError, match="holds something else"):
        open_store(database, store.keys.path)


def test_a_newer_database_is_left_alone(store: CaseStore, database: str) -> None:
    with writing(store.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(InputError, match="9999"):
        open_store(database, store.keys.path)


@pytest.mark.parametrize("address", ["mysql://x/y", "nonsense://", "postgresql://"])
def test_addresses_that_are_none(address: str, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        open_store(address, tmp_path)
