"""Check the whole log: nothing changed, dropped, reordered or erased in silence.

Everything is worked out again from the entries themselves: commitments, leaves, tree, every signed
checkpoint, the fold of every record, the rows that queries read, the files, and the versions of the
register of protected bodies.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from assay.cases import merkle
from assay.cases.evidence import keeps_file
from assay.cases.fold import fold
from assay.cases.log import Entry, fault_of, read_event
from assay.cases.protected_versions import RegisterVersion, after, number_of
from assay.cases.signed_note import Checkpoint, open_checkpoint
from assay.cases.store import entries
from assay.cases.store.case_store import CaseStore
from assay.cases.store.connect import reading
from assay.cases.store.likely import drawn_marks
from assay.cases.store.odd_values import odd_values
from assay.cases.store.protected_entries import row_of
from assay.cases.store.tables import (
    CHECKPOINTS,
    FILES,
    MARKS,
    MEMBERS,
    NODES,
    PROTECTED_REGISTERS,
    RECORDS,
    SEARCHED,
)
from assay.errors import AssayError, CheckFailed
from assay.model.case import Event, Record

MOST_FAULTS = 100
"""More are counted and not told one by one."""


@dataclass
class Verdict:
    """What the check found.

    Attributes:
        entries: How many entries the log has.
        records: How many records they add up to.
        checkpoints: How many signed checkpoints were checked.
        erased: How many bodies were erased with an event that says so.
        files: How many attached files were checked.
        registers: How many versions of the register of protected bodies were checked.
        registers_erased: Of how many of them the text was erased.
        faults: What is wrong, in words; empty if all is well.
        more_faults: How many more there are.
    """

    entries: int = 0
    records: int = 0
    checkpoints: int = 0
    erased: int = 0
    files: int = 0
    registers: int = 0
    registers_erased: int = 0
    faults: list[str] = field(default_factory=list)
    more_faults: int = 0

    @property
    def holds(self) -> bool:
        """Whether the log is whole."""
        return not self.faults

    def add(self, fault: str) -> None:
        """Take down a fault."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)
        else:
            self.more_faults += 1


@dataclass
class _Reading:
    """What is gathered on the way through the log."""

    tree: merkle.Tree = field(default_factory=merkle.Tree)
    records: dict[str, Record] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    gone: dict[int, str] = field(default_factory=dict)
    told: dict[int, str] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    versions: dict[int, RegisterVersion] = field(default_factory=dict)


def verify(store: CaseStore, kept: str | None = None) -> Verdict:
    """Check a store.

    Args:
        store: What to check.
        kept: A signed checkpoint that somebody kept elsewhere; the log must contain it.
    """
    verdict, seen = Verdict(), _Reading()
    with reading(store.engine) as connection:
        for odd in odd_values(connection):
            verdict.add(odd)
        if not verdict.holds:
            # Nothing beyond can be read for what it is.
            return verdict
        for entry, record, version in entries.all_entries(connection):
            _check_entry(store, entry, (record, version), seen, verdict)
        verdict.entries, verdict.records = len(seen.tree), len(seen.records)
        _check_erasures(seen, verdict)
        _check_nodes(connection, seen.tree, verdict)
        _check_checkpoints(connection, store, seen.tree, verdict)
        _check_drawn(connection, seen, verdict)
        _check_files(connection, seen, verdict)
        _check_registers(connection, seen.versions, verdict)
    _check_outside(store, kept, seen.tree, verdict)
    return verdict


def _check_entry(
    store: CaseStore, entry: Entry, columns: tuple[str, int], seen: _Reading, verdict: Verdict
) -> None:
    """One entry: its place, its commitments, its columns, and that it can follow."""
    place = len(seen.tree)
    if entry.index != place:
        verdict.add(f"entry {place} is missing: the next in the log is {entry.index}")
    seen.tree.append(merkle.leaf_hash(entry.leaf))
    fault = fault_of(entry)
    if fault is not None:
        verdict.add(f"entry {entry.index}: {fault}")
        seen.broken.add(columns[0])
        return
    try:
        event = read_event(entry)
        if (event.record, event.version) != columns:
            raise CheckFailed("it stands under another record or version than it says")
        _check_texts(event)
        if event.name == "erase":
            seen.told[int(event.facts["entry"])] = event.record
        if event.name == "attach" and keeps_file(event):
            seen.files[str(event.facts["sha256"])] = entry.index
        if entry.erased:
            seen.gone[entry.index] = event.record
        if event.kind == "bodies":
            number = number_of(event)
            seen.versions[number] = after(seen.versions.get(number), entry.index, event)
            return
        before = seen.records.get(event.record)
        seen.records[event.record] = fold(before, event, store.clocks)
    except AssayError as error:
        # What follows a broken event in the same record cannot be right either; told once.
        if columns[0] not in seen.broken:
            verdict.add(f"entry {entry.index}: {error.message}")
        seen.broken.add(columns[0])
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        # Whoever works a leaf out anew can write anything there, and what follows it is read too.
        verdict.add(f"entry {entry.index}: it is none that Assay writes: {type(error).__name__}")
        seen.broken.add(columns[0])


def _check_texts(event: Event) -> None:
    """What an event says in words is words."""
    fields = {} if event.fields is None else event.fields
    if not all(isinstance(one, str) for one in (event.why or "", *fields.values())):
        raise CheckFailed("its reason or its fields are no texts")


def _check_erasures(seen: _Reading, verdict: Verdict) -> None:
    for index, record in seen.gone.items():
        if seen.told.get(index) == record:
            verdict.erased += 1
        else:
            verdict.add(f"entry {index}: its reason is gone, and no event says that it was erased")
    for index in sorted(set(seen.told) - set(seen.gone)):
        verdict.add(f"entry {index}: an event says that it was erased, and its reason is there")


def _check_nodes(connection: Connection, tree: merkle.Tree, verdict: Verdict) -> None:
    """The stored nodes are those of the tree that the leaves make, all of them and no others."""
    size = len(tree)
    expected = sum(size >> level for level in range(size.bit_length()))
    found = 0
    for level, position, digest in connection.execute(
        select(NODES).execution_options(yield_per=5000)
    ):
        found += 1
        known = 0 <= level < size.bit_length() and 0 <= position < size >> level
        if not known or tree.read(level, position) != bytes(digest):
            verdict.add(f"node {position} on level {level} of the tree does not fit the entries")
    if found < expected:
        verdict.add(f"{expected - found} nodes of the tree are missing")


def _check_checkpoints(
    connection: Connection, store: CaseStore, tree: merkle.Tree, verdict: Verdict
) -> None:
    """Every checkpoint is signed and says what the tree was; there is one for each size."""
    key = store.keys.public_key()
    asked = select(CHECKPOINTS).order_by(CHECKPOINTS.c.size)
    for size, note in connection.execute(asked.execution_options(yield_per=5000)):
        verdict.checkpoints += 1
        try:
            checkpoint = open_checkpoint(note, key)
        except AssayError as error:
            verdict.add(f"checkpoint {size}: {error.message}")
            continue
        if checkpoint.size != size:
            verdict.add(f"checkpoint {size} stands for another size, {checkpoint.size}")
        _check_contained(checkpoint, tree, f"checkpoint {size}", verdict)
    if verdict.checkpoints != len(tree):
        verdict.add(f"{len(tree)} entries have {verdict.checkpoints} checkpoints")


def _check_contained(
    checkpoint: Checkpoint, tree: merkle.Tree, name: str, verdict: Verdict
) -> None:
    if checkpoint.size > len(tree):
        verdict.add(f"{name} signed {checkpoint.size} entries, and the log has {len(tree)}")
    elif tree.root(checkpoint.size) != checkpoint.root:
        verdict.add(f"{name} signed another log: its first {checkpoint.size} entries were changed")


def _check_drawn(connection: Connection, seen: _Reading, verdict: Verdict) -> None:
    """The rows that queries read are the fold of the events."""
    members: dict[str, set[str]] = defaultdict(set)
    for record, account in connection.execute(select(MEMBERS)):
        members[record].add(account)
    marks: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for record, sort, mark, opened_at in connection.execute(select(MARKS)):
        marks[record].append((sort, mark, opened_at))
    searched = {row["id"]: dict(row) for row in connection.execute(select(SEARCHED)).mappings()}
    left = dict(seen.records)
    for row in connection.execute(select(RECORDS)).mappings():
        record_of = left.pop(row["id"], None)
        narrow = searched.pop(row["id"], None)
        if row["id"] in seen.broken:
            continue
        if record_of is None or dict(row) != entries.drawn(record_of):
            verdict.add(f"record {row['id']}: its row is not what its events add up to")
        elif narrow != entries.searched_of(dict(row)):
            verdict.add(f"record {row['id']}: what searches read of it is not what its row says")
        elif members[row["id"]] != record_of.members:
            verdict.add(f"record {row['id']}: its members are not those of its events")
        elif sorted(marks[row["id"]]) != [
            (*mark, row["opened_at"]) for mark in drawn_marks(record_of)
        ]:
            verdict.add(f"record {row['id']}: its marks are not those of its texts")
    for identity in left:
        verdict.add(f"record {identity} has events and no row")
    for identity in searched:
        verdict.add(f"record {identity}: searches read of it, and it has no row")


def _check_files(connection: Connection, seen: _Reading, verdict: Verdict) -> None:
    """Every file that was attached is here with its own hash, and no other."""
    left = dict(seen.files)
    rows = connection.execute(select(FILES).execution_options(yield_per=1))
    for sha256, content, _ in rows:
        verdict.files += 1
        if left.pop(sha256, None) is None:
            verdict.add(f"file {sha256}: no entry adds it, or the entry was erased")
        elif hashlib.sha256(bytes(content)).hexdigest() != sha256:
            verdict.add(f"file {sha256}: its bytes were changed after it was added")
    for sha256, index in left.items():
        verdict.add(f"file {sha256}: entry {index} added it, and it is gone")


def _check_registers(
    connection: Connection, logged: Mapping[int, RegisterVersion], verdict: Verdict
) -> None:
    """Every version of the register of protected bodies is what the log says, and has its text."""
    left = dict(logged)
    newest = max(logged, default=0)
    asked = select(PROTECTED_REGISTERS).order_by(PROTECTED_REGISTERS.c.version)
    for found in connection.execute(asked.execution_options(yield_per=1)).mappings():
        row = dict(found)
        text = row.pop("text")
        verdict.registers += 1
        name = f"version {row['version']} of the register of protected bodies"
        known = left.pop(row["version"], None)
        if known is None:
            verdict.add(f"{name}: no entry of the log keeps it")
        elif (row, text is None) != (row_of(known), known.text_erased):
            verdict.add(f"{name}: its row is not what its events add up to")
        if text is None:
            verdict.registers_erased += 1
        elif hashlib.sha256(text.encode()).hexdigest() != row["sha256"]:
            verdict.add(f"{name}: its text was changed after it was kept")
        if text is None and row["version"] == newest:
            verdict.add(f"{name} is the newest, and has no text")
    for number, version in left.items():
        verdict.add(
            f"version {number} of the register of protected bodies: entry {version.entry} keeps it,"
            " and it is gone"
        )


def _check_outside(store: CaseStore, kept: str | None, tree: merkle.Tree, verdict: Verdict) -> None:
    """What was kept outside the database: the key folder's checkpoint, and one that was given."""
    try:
        newest = store.keys.newest()
        if newest is not None:
            _check_contained(newest, tree, "the key folder's checkpoint", verdict)
        elif len(tree) > 0:
            verdict.add("the key folder has no checkpoint, so that nobody can tell a cut log")
        if kept is not None:
            given = open_checkpoint(kept, store.keys.public_key())
            _check_contained(given, tree, "the checkpoint that was given", verdict)
    except AssayError as error:
        verdict.add(error.message)
