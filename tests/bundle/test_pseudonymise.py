"""Pseudonyms change names and nothing else, and only the key's holder can turn them back."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from assay.bundle.contest import find_account
from assay.bundle.pseudonym_key import PseudonymKey, new_key
from assay.bundle.pseudonym_mapping import open_mapping
from assay.bundle.pseudonymise import (
    PseudonymiseOptions,
    pseudonymise,
    whole,
)
from assay.bundle.pseudonymised_dataset import Pseudonyms, named_folder
from assay.bundle.pseudonyms import PSEUDONYM
from assay.bundle.pseudonyms_told import pseudonymised_with
from assay.detectors.coaction_parameters import Coaction
from assay.errors import InputError, UsageError
from assay.importers.report import ImportOptions
from assay.importers.run import import_files
from assay.laboratory.campaign import Campaign
from assay.model.dataset import Dataset, RunFolder
from assay.model.progress import Silent
from assay.workbench import RunOptions, scan
from tests.bundle.named_campaign import named_campaign

SMALL = Campaign(
    accounts=240, organic_posts=1_500, days=4.0, burst_accounts=30, feed_links=20, group_objects=15
)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> PseudonymKey:
    return new_key(tmp_path_factory.mktemp("key") / "k.key")


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("named")
    campaign = named_campaign(folder, SMALL)
    options = ImportOptions(mapping=(("media", "media"),))
    import_files([campaign.posts, campaign.accounts], folder / "dataset", options, Silent())
    return Dataset(folder / "dataset")


@pytest.fixture(scope="module")
def nameless(
    named: Dataset, key: PseudonymKey, tmp_path_factory: pytest.TempPathFactory
) -> Dataset:
    made = Dataset(tmp_path_factory.mktemp("nameless") / "dataset")
    pseudonymise(named, made, key, PseudonymiseOptions(), Silent())
    return made


def revealed(pseudonyms: list[str], key: PseudonymKey) -> list[str]:
    with open_mapping(key, create=False) as mapping:
        return [mapping.reveal(one.rpartition(":")[2]) for one in pseudonyms]


def test_rows_times_and_numbers_stay(named: Dataset, nameless: Dataset) -> None:
    before, after = (pq.read_table(one.posts) for one in (named, nameless))
    for column in ("created_at", "kind", "platform", "language", "row", "time_resolution_s"):
        assert before[column].equals(after[column])
    assert pq.read_table(named.rejects).num_rows == pq.read_table(nameless.rejects).num_rows
    shares = [pq.read_table(one.shares) for one in (named, nameless)]
    for columns in (["kind", "shared_at"], ["kind"]):
        assert Counter(map(str, shares[0].select(columns).to_pylist())) == Counter(
            map(str, shares[1].select(columns).to_pylist())
        )


def test_who_shared_what_stays_one_to_one(
    named: Dataset, nameless: Dataset, key: PseudonymKey
) -> None:
    """Revealed accounts and posts lead from each new share to its old one, objects one to one."""
    before, after = (pq.read_table(one.shares).to_pylist() for one in (named, nameless))
    ids = sorted({row[name] for row in after for name in ("account_id", "post_id")})
    back = dict(zip(ids, revealed(ids, key), strict=True))
    old: dict[tuple[Any, ...], list[str]] = {}
    new: dict[tuple[Any, ...], list[str]] = {}
    for rows, found, name in ((before, old, str), (after, new, back.__getitem__)):
        for row in rows:
            place = (name(row["account_id"]), name(row["post_id"]), row["kind"], row["shared_at"])
            found.setdefault(place, []).append(row["object_id"])
    assert old.keys() == new.keys()
    renamed = {
        (place[2], objects[0]): new[place][0]
        for place, objects in old.items()
        if len(objects) == len(new[place]) == 1
    }
    assert len(renamed) > 1000
    assert len({(kind, name) for (kind, _), name in renamed.items()}) == len(renamed)
    for place, objects in old.items():
        if len(objects) == 1:
            assert new[place] == [renamed[place[2], objects[0]]]


def test_the_same_person_is_called_the_same_everywhere(named: Dataset, nameless: Dataset) -> None:
    authors = pq.read_table(nameless.posts)["account_id"].to_pylist()
    accounts = pq.read_table(nameless.accounts).to_pylist()
    assert {row["account_id"] for row in accounts} >= set(authors)
    assert all(row["account_id"].endswith(":" + row["handle"]) for row in accounts)
    texts = pq.read_table(nameless.posts)["text"].to_pylist()
    handles = {row["handle"] for row in accounts}
    for text in texts:
        if text.startswith("RT @"):
            assert text[4:].split(":")[0] in handles
    addresses = pq.read_table(nameless.posts)["url"].to_pylist()
    ids = pq.read_table(nameless.posts)["post_id"].to_pylist()
    assert all(PSEUDONYM.search(address) for address in addresses)
    assert all(one.rpartition(":")[2].startswith("post-") for one in ids)


def rows_of(path: Path, back: dict[str, str]) -> list[str]:
    """A result table's rows under the old names, in an order that names do not decide."""
    rows = []
    for row in pq.read_table(path).to_pylist():
        for name in ("account_a", "account_b", "account_id"):
            if name in row:
                row[name] = back.get(row[name], row[name])
        if "account_a" in row:
            row["account_a"], row["account_b"] = sorted((row["account_a"], row["account_b"]))
        # Community numbers follow the accounts' names where sizes are equal.
        row.pop("community", None)
        # A sum of many terms, taken from the other end where the pair is written the other way.
        if row.get("p_hypergeometric") is not None:
            row["p_hypergeometric"] = f"{row['p_hypergeometric']:.8e}"
        rows.append(json.dumps(row, sort_keys=True, default=str))
    return sorted(rows)


def test_figures_are_the_same_up_to_names(
    named: Dataset, key: PseudonymKey, tmp_path: Path
) -> None:
    runs = [RunFolder(tmp_path / name) for name in ("named", "nameless")]
    for run, pseudonyms in zip(runs, (None, Pseudonyms(key)), strict=True):
        options = RunOptions(report=False, pseudonyms=pseudonyms)
        scan([named.folder], run, ImportOptions(), Coaction(), options, Silent())
    ids = pq.read_table(runs[1].dataset.accounts)["account_id"].to_pylist()
    back = dict(zip(ids, revealed(ids, key), strict=True))
    for table in ("edges", "edge_tests", "network"):
        before, after = (rows_of(run.folder / f"{table}.parquet", back) for run in runs)
        assert len(before) > 10
        assert before == after
    members = [
        Counter(
            frozenset(back.get(one, one) for one in finding["subjects"])
            for finding in json.loads(run.findings.read_text(encoding="utf-8"))["findings"]
        )
        for run in runs
    ]
    assert members[0] == members[1]
    assert json.loads(runs[1].run.read_text(encoding="utf-8"))["pseudonymised"]["key"] == (
        key.fingerprint
    )


def test_it_is_not_done_twice(nameless: Dataset, key: PseudonymKey, tmp_path: Path) -> None:
    assert pseudonymised_with(nameless) == key.fingerprint
    with pytest.raises(UsageError, match=f"already, with the key {key.fingerprint}"):
        pseudonymise(nameless, Dataset(tmp_path / "x"), key, PseudonymiseOptions(), Silent())
    assert not (tmp_path / "x").exists()


def test_a_table_that_is_missing_or_damaged_is_made_anew(nameless: Dataset, tmp_path: Path) -> None:
    made = Dataset(tmp_path / "made")
    shutil.copytree(nameless.folder, made.folder)
    assert whole(made)
    made.shares.write_bytes(made.shares.read_bytes()[:-8])
    assert not whole(made)
    made.shares.unlink()
    assert not whole(made)


def test_a_sheet_asked_for_by_name_says_how_to_find_the_pseudonym(nameless: Dataset) -> None:
    with pytest.raises(InputError, match="whose accounts have pseudonyms") as caught:
        find_account(nameless, "nobody:whoever")
    assert "assay pseudonymise find" in str(caught.value.fix)


def test_another_key_gives_other_names(named: Dataset, nameless: Dataset, tmp_path: Path) -> None:
    other = Dataset(tmp_path / "other")
    pseudonymise(named, other, new_key(tmp_path / "o.key"), PseudonymiseOptions(), Silent())
    ids = [set(pq.read_table(one.accounts)["account_id"].to_pylist()) for one in (nameless, other)]
    assert ids[0] & ids[1] == set()


def test_a_folder_of_something_else_is_left_alone(
    named: Dataset, key: PseudonymKey, tmp_path: Path
) -> None:
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(UsageError, match="something other"):
        pseudonymise(named, Dataset(tmp_path), key, PseudonymiseOptions(), Silent())
    run = RunFolder(tmp_path)
    options = RunOptions(pseudonyms=Pseudonyms(key))
    with pytest.raises(UsageError, match="not pseudonymised with this key"):
        scan([named.folder], run, ImportOptions(), Coaction(), options, Silent())
    assert (tmp_path / "mine.txt").read_text() == "x"


class Told(Silent):
    """Keeps what a person should read."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


def test_a_stop_tells_where_names_lie_and_whatever_else_takes_them_away(tmp_path: Path) -> None:
    told = Told()
    with pytest.raises(KeyboardInterrupt), named_folder(tmp_path / "out", told) as folder:
        folder.mkdir()
        raise KeyboardInterrupt
    assert folder.is_dir()
    assert [str(folder) in note for note in told.notes] == [True]
    with pytest.raises(InputError), named_folder(tmp_path / "out", told):
        raise InputError("no use")
    assert not folder.exists()
    with pytest.raises(KeyboardInterrupt), named_folder(tmp_path / "out", told):
        raise KeyboardInterrupt
    assert len(told.notes) == 1, "nothing lies there"
