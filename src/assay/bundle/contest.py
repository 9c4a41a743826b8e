"""What a bundle holds against one account, what speaks for it, and what the finding hangs on.

Equality of arms: whoever is named gets the same data, the same method and the same program as
whoever named them, in words that need no statistics.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from assay.bundle.contents import read_findings, read_json
from assay.bundle.leave_out import Standing, Without, kept_in, standing, without_each
from assay.bundle.own_objects import OwnObject, own_objects
from assay.bundle.pseudonyms_told import pseudonymised_with
from assay.bundle.read_me import how_to_install
from assay.bundle.unpacked import Unpacked
from assay.detectors.left_out import LeftOutRuns, LeftOutThing
from assay.errors import InputError
from assay.model.dataset import Dataset, RunFolder
from assay.model.method import METHOD, method_told
from assay.model.progress import Progress

NEAR_IDS = 5
MOST_IDS = 200_000
"""Ids compared for likeness; beyond that only those that contain what was asked for."""


@dataclass(frozen=True)
class Account:
    """The account concerned, as the data have it.

    Attributes:
        id: With its platform.
        handle: Or None.
        display_name: Or None.
        publisher: As declared, or None.
        declared_affiliation: Likewise.
        shares: Its shares of all kinds in the data.
    """

    id: str
    handle: str | None
    display_name: str | None
    publisher: str | None
    declared_affiliation: str | None
    shares: int


@dataclass(frozen=True)
class Partner:
    """Another account of the finding with which this one has a kept row.

    Attributes:
        account: Its id.
        kind: Kind of object.
        window_s: The window.
        co_timed: Objects shared within the window of each other.
        common: Objects that both shared at any time.
        expected: Co-timed objects that the null expects.
        p_value: Of the gate, at the narrowest Δ.
        q_value: Likewise.
        wider: For each further Δ in seconds, whether the row would pass at it too.
    """

    account: str
    kind: str
    window_s: float
    co_timed: int
    common: int
    expected: float
    p_value: float
    q_value: float
    wider: tuple[tuple[float, bool], ...]


@dataclass(frozen=True)
class Contested:
    """One finding that names the account.

    Attributes:
        finding: As ``findings.json`` has it.
        partners: The rows against the account, strongest first.
        objects: Each object that it shared and another account of the finding shared too.
        own_test: p and q of the account against the rest of its group, where it was tested.
        stands: As the bundle has it.
        recomputed: As it came out again from the bundle's data before anything was left out.
        without: Without each object, each of its posts, each other account.
        not_tried: Things that were not left out, because there are more than asked for.
    """

    finding: Mapping[str, Any]
    partners: tuple[Partner, ...]
    objects: tuple[OwnObject, ...]
    own_test: tuple[float | None, float | None]
    stands: Standing
    recomputed: Standing
    without: tuple[Without, ...]
    not_tried: int

    def dissolves(self) -> tuple[Without, ...]:
        """The things without which no pair of the account passes."""
        return tuple(one for one in self.without if one.standing.partners == 0)


@dataclass(frozen=True)
class Contest:
    """Everything for the sheet.

    Attributes:
        account: The account concerned.
        findings: Those about its timing; none is an answer too.
        of_names: Those that hold its name or picture against a body's. Nothing can be left out and
            tested again there: they are told as they stand.
        record: ``run.json``.
        manifest: The dataset's manifest.
        bundle: The bundle.
    """

    account: Account
    findings: tuple[Contested, ...]
    of_names: tuple[Mapping[str, Any], ...]
    record: Mapping[str, Any]
    manifest: Mapping[str, Any]
    bundle: Unpacked


@dataclass(frozen=True)
class ContestOptions:
    """What to work out.

    Attributes:
        account: Id or handle.
        finding: Id of the only finding to look at; None looks at all that name the account.
        most: Most objects, posts and accounts to leave out, each; None leaves out all.
    """

    account: str
    finding: str | None = None
    most: int | None = None


def contest(
    bundle: Unpacked, options: ContestOptions, runs: LeftOutRuns, progress: Progress
) -> Contest:
    """Work out what a bundle holds against an account.

    Args:
        bundle: The bundle.
        options: What to work out.
        runs: Makes the detection again on the bundle's data without some of them.
        progress: Told how far it is.

    Raises:
        InputError: The account or the finding is not in the bundle, or the bundle is damaged.
    """
    run = bundle.run
    record = read_json(run.run, "run.json")
    version, method = record.get("version"), record.get("method")
    if method != METHOD:
        raise InputError(
            f"the run was made by {method_told(method)} of the method; this is "
            f"{method_told(METHOD)}, and figures of the two cannot be compared",
            fix=f"contest it with {how_to_install(version)}",
            file="run.json",
        )
    findings = read_findings(run.findings)
    account = find_account(run.dataset, options.account)
    named = [one for one in findings if account.id in (one.get("subjects") or ())]
    if options.finding is not None:
        named = _only(named, findings, options.finding, account.id)
    timed = [one for one in named if str(one.get("kind")).startswith("coaction")]
    return Contest(
        account=account,
        findings=tuple(
            _contested(run, record, one, (account, options.most), (runs, progress)) for one in timed
        ),
        of_names=tuple(one for one in named if one not in timed),
        record=record,
        manifest=read_json(run.dataset.manifest, "dataset/manifest.json"),
        bundle=bundle,
    )


def _only(
    named: list[dict[str, Any]], findings: list[dict[str, Any]], wanted: str, account: str
) -> list[dict[str, Any]]:
    found = [one for one in named if one.get("id") == wanted]
    if found:
        return found
    ids = [str(one.get("id")) for one in named]
    there = any(one.get("id") == wanted for one in findings)
    raise InputError(
        f"the finding {wanted} {'does not name ' + account if there else 'is not in the bundle'}",
        fix=f"findings that name this account: {', '.join(ids) or 'none'}",
        file="findings.json",
    )


def find_account(dataset: Dataset, asked: str) -> Account:
    """The account of that id, or of that handle.

    Raises:
        InputError: There is none, or several accounts have the handle.
    """
    columns = ["account_id", "handle", "display_name", "publisher", "declared_affiliation"]
    table = ds.dataset(dataset.accounts)
    rows = table.to_table(columns=columns, filter=ds.field("account_id") == asked).to_pylist()
    if not rows:
        handle = asked.removeprefix("@").casefold()
        same = pc.equal(pc.utf8_lower(ds.field("handle")), handle)
        rows = table.to_table(columns=columns, filter=same).to_pylist()
    if len(rows) > 1:
        raise InputError(
            f"{len(rows)} accounts have the handle {asked}",
            fix="name one by its id: " + ", ".join(row["account_id"] for row in rows[:NEAR_IDS]),
        )
    if not rows:
        near = _near(table, asked)
        if not near and pseudonymised_with(dataset) is not None:
            raise InputError(
                f"the account {asked} is not in the bundle, whose accounts have pseudonyms",
                fix="ask whoever made the bundle for the pseudonym: `assay pseudonymise find "
                "KEYFILE ACCOUNT` tells it to who holds the key",
            )
        raise InputError(
            f"the account {asked} is not in the bundle",
            fix=f"did you mean {', '.join(near)}?"
            if near
            else "give its id with the platform, "
            "such as twitter:123; dataset/accounts.parquet lists all",
        )
    row = rows[0]
    own = ds.field("account_id") == row["account_id"]
    return Account(
        id=row["account_id"],
        **{name: row[name] for name in columns[1:]},
        shares=ds.dataset(dataset.shares).count_rows(filter=own),
    )


def _near(accounts: ds.Dataset, asked: str) -> list[str]:
    """Ids that look like what was asked for."""
    ids: list[str] = accounts.to_table(columns=["account_id"])["account_id"].to_pylist()
    bare = asked.rsplit(":", 1)[-1].removeprefix("@").casefold()
    if len(ids) > MOST_IDS:
        ids = [one for one in ids if bare in one.casefold()]
    by_bare = {one.rsplit(":", 1)[-1].casefold(): one for one in ids}
    near = difflib.get_close_matches(bare, by_bare, NEAR_IDS, 0.7)
    return [by_bare[one] for one in near]


def _contested(
    run: RunFolder,
    record: Mapping[str, Any],
    finding: Mapping[str, Any],
    whom: tuple[Account, int | None],
    how: tuple[LeftOutRuns, Progress],
) -> Contested:
    account, most = whom
    subjects = tuple(str(one) for one in finding["subjects"])
    objects = own_objects(run, str(finding["id"]), subjects, account.id)
    things, not_tried = _things(objects, subjects, account.id, most)
    subject = (subjects, account.id)
    runs, progress = how
    progress.stage(f"Leaving out {len(things)} things, one at a time", len(things), "runs")
    return Contested(
        finding=finding,
        partners=tuple(_partners(run, record, subjects, account.id)),
        objects=objects,
        own_test=_own_test(run, account.id),
        stands=standing(kept_in(run.edges), *subject),
        recomputed=standing(runs.kept_without({}), *subject),
        without=tuple(without_each(runs, subject, things, progress)),
        not_tried=not_tried,
    )


def _things(
    objects: tuple[OwnObject, ...], subjects: tuple[str, ...], account: str, most: int | None
) -> tuple[list[LeftOutThing], int]:
    """What to leave out: co-timed objects, the account's posts of them, the other accounts."""
    timed = [one for one in objects if one.co_timed_with]
    timed.sort(key=lambda one: (-len(one.co_timed_with), one.kind, one.id))
    posts = dict.fromkeys(post for one in timed for post in one.posts)
    listed = (
        [LeftOutThing("object", one.kind, one.id) for one in timed],
        [LeftOutThing("post", "", post) for post in posts],
        [LeftOutThing("account", "", one) for one in subjects if one != account],
    )
    taken = [thing for things in listed for thing in (things if most is None else things[:most])]
    return taken, sum(map(len, listed)) - len(taken)


def _partners(
    run: RunFolder, record: Mapping[str, Any], subjects: tuple[str, ...], account: str
) -> Iterator[Partner]:
    own = (ds.field("account_a") == account) | (ds.field("account_b") == account)
    members = pa.array(subjects, pa.string())
    inside = ds.field("account_a").isin(members) & ds.field("account_b").isin(members)
    rows = ds.dataset(run.edges).to_table(filter=own & inside & ds.field("kept"))
    tests = ds.dataset(run.edge_tests).to_table(filter=own & inside).to_pylist()
    limit = threshold(record)
    key = ("kind", "window_s", "account_a", "account_b")
    wider: dict[tuple[Any, ...], list[tuple[float, bool]]] = {}
    for test in tests:
        wider.setdefault(tuple(test[name] for name in key), []).append(
            (test["delta_s"], test["q_value"] <= limit)
        )
    for row in rows.sort_by([("q_value", "ascending"), ("kind", "ascending")]).to_pylist():
        deltas = sorted(wider.get(tuple(row[name] for name in key), []))
        yield Partner(
            account=row["account_b"] if row["account_a"] == account else row["account_a"],
            kind=row["kind"],
            window_s=row["window_s"],
            co_timed=row["shared_objects"],
            common=row["common_objects"],
            expected=row["expected"],
            p_value=row["p_value"],
            q_value=row["q_value"],
            wider=tuple(one for one in deltas if one[0] > row["delta_s"]),
        )


def threshold(record: Mapping[str, Any]) -> float:
    """The largest q that the run reports."""
    return float(record["parameters"].get("fdr", 0.05))


def _own_test(run: RunFolder, account: str) -> tuple[float | None, float | None]:
    table = ds.dataset(run.network_accounts).to_table(
        columns=["p_value", "q_value"], filter=ds.field("account_id") == account
    )
    if not len(table):
        return None, None
    return table["p_value"][0].as_py(), table["q_value"][0].as_py()
