"""Accounts in blocks on disk: the same whatever the blocks, and after a stop."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.identities.register_rows import TODAY, small_register

from assay.identities import account_rows, judged
from assay.identities.account_rows import AccountBatch
from assay.identities.compile import Compiled
from assay.identities.impersonation import judge
from assay.identities.judged import LEAST_SCORE, Judged, Work, judge_accounts
from assay.identities.weigh import Account
from assay.model.progress import Silent

NAMES = (
    "Morning Herald", "morningherald", "mоrningherald", "Embassy of France in Japan", "Bob",
    "ambafrance_de", "Anna Kowalska", "Sputnik Courier", "Parody Morning Herald", "", "тест",
    "French Embassy in Kenya", "the swift courier of spring",
)  # fmt: skip
PROFILES = st.lists(
    st.tuples(
        st.sampled_from(NAMES), st.sampled_from(NAMES),
        st.sampled_from(["", "official", "parody", "the only account"]),
    ),
    max_size=12,
)  # fmt: skip


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    return small_register(tmp_path_factory.mktemp("register"))


class Watched(Silent):
    """Stops after some accounts, and remembers what it was told."""

    def __init__(self, most: int = 1 << 60) -> None:
        self.most, self.done, self.notes = most, 0.0, list[str]()

    def advance(self, amount: float) -> None:
        self.done += amount
        if self.done >= self.most:
            raise KeyboardInterrupt

    def note(self, text: str) -> None:
        self.notes.append(text)


def save(path: Path, profiles: list[tuple[str, str, str]]) -> list[Account]:
    rows = [
        {"account_id": str(number), "platform": "x", "handle": handle, "display_name": name,
         "bio": bio}
        for number, (handle, name, bio) in enumerate(profiles, 1)
    ]  # fmt: skip
    columns = ("account_id", "platform", "handle", "display_name", "bio")
    schema = pa.schema([(name, pa.string()) for name in columns])
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)
    return [Account(**row, row=int(row["account_id"])) for row in rows]


def followed_up(accounts: list[Account], register: Compiled) -> list[Judged]:
    """As one batch in memory says it."""
    return [
        (account, said)
        for account, said in judge(AccountBatch.of(accounts), register, TODAY)
        if said.verdict is not None or said.labelled or said.score >= LEAST_SCORE
    ]


@given(PROFILES, st.integers(1, 5), st.integers(1, 5), st.integers(1, 5))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_blocks_hold_what_one_batch_holds(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    register: Compiled,
    profiles: list[tuple[str, str, str]],
    batch: int,
    block: int,
    piece: int,
) -> None:
    folder = tmp_path_factory.mktemp("blocks")
    accounts = save(folder / "accounts.parquet", profiles)
    monkeypatch.setattr(account_rows, "BATCH_ROWS", batch)
    monkeypatch.setattr(judged, "BLOCK_ROWS", block)
    monkeypatch.setattr(judged, "PIECE_ROWS", piece)
    work = Work(folder / "work")
    work.begin("key")
    found = judge_accounts(folder / "accounts.parquet", register, TODAY, work, Silent())
    assert found.read == len(accounts)
    pieces = list(found)
    assert all(len(one) <= piece for one in pieces)
    assert [one for some in pieces for one in some] == followed_up(accounts, register)
    assert list(found) == pieces, "they may be gone through again"


def test_a_stopped_run_goes_on_and_another_register_begins_anew(
    tmp_path: Path, register: Compiled, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "accounts.parquet"
    accounts = save(table, [(name, "", "") for name in NAMES])
    monkeypatch.setattr(account_rows, "BATCH_ROWS", 2)
    monkeypatch.setattr(judged, "BLOCK_ROWS", 4)
    work = Work(tmp_path / "work")
    work.begin("key")
    with pytest.raises(KeyboardInterrupt):
        judge_accounts(table, register, TODAY, work, Watched(most=10))
    kept = [path.stat().st_mtime_ns for path in work.blocks()]
    assert len(kept) == 2
    work.begin("key")
    watched = Watched()
    found = judge_accounts(table, register, TODAY, work, watched)
    assert watched.notes == ["8 accounts were compared by a run that was stopped; it goes on"]
    assert watched.done == len(NAMES)
    assert [one for some in found for one in some] == followed_up(accounts, register)
    assert [path.stat().st_mtime_ns for path in work.blocks()][:2] == kept, "not made again"
    work.begin("another key")
    other = Watched()
    judge_accounts(table, register, TODAY, work, other)
    assert other.notes == []
    assert other.done == len(NAMES)
    work.clear()
    assert not work.folder.exists()
