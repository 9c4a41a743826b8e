"""What an account was called before, when it was made, and handles that were official once.

Nothing is fetched: names come from a table that was supplied (``account_id``, ``seen_at``,
``handle``, ``display_name``) and from an earlier run.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from assay.errors import InputError
from assay.identities.readable import readable
from assay.identities.register import platform_name
from assay.identities.signs import Sign
from assay.identities.weigh import Account
from assay.lexicon.columns import column_names, folded

RENAMED_WITHIN_DAYS = 90
"""A change of name counts as recent for so long."""
CREATED_WITHIN_DAYS = 30
"""An account counts as made just before for so long."""
_SEEN_AT = ("seen_at", "changed_at", "date", "at", "time", "timestamp", "captured_at")


@dataclass(frozen=True)
class SeenName:
    """Names under which an account was seen on a day."""

    day: date
    handle: str
    display_name: str


def read_histories(path: Path) -> dict[str, tuple[SeenName, ...]]:
    """Names by account id, oldest first.

    Args:
        path: CSV with account_id, seen_at (ISO 8601) and handle or display_name.

    Raises:
        InputError: The file or a column is missing, or a row has no id or no day.
    """
    fix = "name a UTF-8 CSV with account_id, seen_at, handle, display_name"
    with (
        readable(path, "earlier names", fix),
        path.open(encoding="utf-8-sig", newline="") as file,
    ):
        rows = list(csv.DictReader(file, strict=True))
    found: dict[str, list[SeenName]] = defaultdict(list)
    columns = _columns(rows, path)
    for number, row in enumerate(rows, 1):
        day = day_of(row[columns["seen_at"]] or "")
        account = (row[columns["account_id"]] or "").strip()
        if day is None:
            raise InputError(
                "a day cannot be read", fix="write days as 2025-04-10", file=path, row=number,
                column=columns["seen_at"],
            )  # fmt: skip
        if not account:
            raise InputError(
                "a row names no account", fix="write the account's id, as in the accounts",
                file=path, row=number, column=columns["account_id"],
            )  # fmt: skip
        names = [
            row[columns[name]] or "" if name in columns else ""
            for name in ("handle", "display_name")
        ]
        found[account].append(SeenName(day, names[0].lstrip("@"), names[1]))
    return {account: in_order(seen) for account, seen in found.items()}


def in_order(seen: Iterable[SeenName]) -> tuple[SeenName, ...]:
    """Oldest first."""
    return tuple(sorted(seen, key=lambda one: (one.day, one.handle, one.display_name)))


def _columns(rows: Sequence[Mapping[str, str]], path: Path) -> dict[str, str]:
    have = {folded(name or ""): name for name in (rows[0] if rows else {})}
    spellings = column_names().accounts
    wanted = {
        "account_id": spellings["account_id"],
        "seen_at": tuple(folded(one) for one in _SEEN_AT),
        "handle": spellings["handle"],
        "display_name": spellings["display_name"],
    }
    found = {
        field: next(have[one] for one in names if one in have)
        for field, names in wanted.items()
        if any(one in have for one in names)
    }
    if not {"account_id", "seen_at"} <= set(found) or not {"handle", "display_name"} & set(found):
        raise InputError(
            "the history lacks account_id, seen_at, or both handle and display_name",
            fix=f"name the columns so; there are {', '.join(map(str, have.values())) or 'no rows'}",
            file=path,
        )
    return found


def day_of(text: str) -> date | None:
    """The day of an ISO 8601 day or moment; None where there is none."""
    try:
        return datetime.fromisoformat(text.strip().replace("Z", "+00:00")).date()
    except ValueError:
        return None


def history_signs(
    account: Account,
    seen: Sequence[SeenName],
    today: date,
    *,
    first_seen: date | None = None,
) -> list[Sign]:
    """What an account's past says of it.

    Args:
        account: As it is called now.
        seen: Its names before, oldest first.
        today: The day on which the table was made or is read.
        first_seen: Day of its first post in the data; None where no post of it is there.
    """
    signs: list[Sign] = []
    other = [one for one in seen if not _same(one, account)]
    borne = {one.day for one in seen if _same(one, account)}
    # Of two names borne on one day nobody can say which was the later one.
    if other and other[-1].day not in borne:
        last = other[-1]
        after = [one for one in seen if one.day > last.day]
        changed = after[0].day if after else today
        if (today - changed).days <= RENAMED_WITHIN_DAYS:
            was = " / ".join(filter(None, (last.handle, last.display_name)))
            signs.append(
                Sign("renamed", f"it was called {was} until {last.day} or later, and was renamed "
                     f"by {changed}")
            )  # fmt: skip
    made = day_of(account.created_at)
    measure = first_seen or today
    if made is not None and timedelta(0) <= measure - made <= timedelta(CREATED_WITHIN_DAYS):
        days = (measure - made).days
        what = "its first post in the data" if first_seen else "the day of this table"
        told = "on the day of" if days == 0 else f"{days} {'day' if days == 1 else 'days'} before"
        signs.append(Sign("created", f"it was made on {made}, {told} {what}"))
    return signs


def older_sign(
    account: Account, genuine: Sequence[Account], seen: Sequence[SeenName], *, own_name: bool
) -> Sign | None:
    """That an account was made before every account of the body's own on its platform.

    Args:
        account: As it is called now.
        genuine: The body's own accounts in the data.
        seen: Names of the account before; one that was renamed may be old and pose as the body.
        own_name: Whether it bears a person's name and nothing that imitates the office's handle:
            so do namesakes, and the person. Old accounts are sold and renamed; a likeness to any
            other name is no less for their age.
    """
    made = day_of(account.created_at)
    platform = platform_name(account.platform)
    own = [
        (day_of(one.created_at), one) for one in genuine if platform_name(one.platform) == platform
    ]
    days = [day for day, _ in own if day is not None]
    if made is None or not days or len(days) < len(own) or made >= min(days):
        return None
    if not all(_same(one, account) for one in seen):
        return None
    told = f"it was made on {made}, before the body's own account on {min(days)}"
    return Sign("older namesake" if own_name else "older", told)


def _same(one: SeenName, account: Account) -> bool:
    handle = account.handle.lstrip("@").lower()
    if one.handle and one.handle.lower() != handle:
        return False
    return not one.display_name or one.display_name == account.display_name


def taken_over(account: Account, until: date | None) -> Sign | None:
    """An account that was made after its handle had ceased to be official.

    Args:
        account: Bears a handle that the register lists.
        until: Last day on which that handle was official; None while it is.
    """
    made = day_of(account.created_at)
    if until is None or made is None or made <= until:
        return None
    return Sign(
        "taken over",
        f"the handle was official until {until}, and this account was made on {made}: somebody "
        "took an abandoned handle",
    )
