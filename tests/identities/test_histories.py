from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assay.errors import InputError
from assay.identities.histories import (
    SeenName,
    day_of,
    history_signs,
    read_histories,
    taken_over,
)
from assay.identities.weigh import Account

TODAY = date(2026, 1, 1)
NOW = Account("1", "x", "herald_news", "Herald News")


def kinds(account: Account, *seen: SeenName, first: date | None = None) -> list[str]:
    return [one.kind for one in history_signs(account, seen, TODAY, first_seen=first)]


def test_a_recent_change_of_name_is_a_sign_and_an_old_one_is_not() -> None:
    was, now = SeenName(date(2025, 11, 1), "cats", "Cats"), date(2025, 12, 1)
    assert kinds(NOW, was) == ["renamed"]
    assert kinds(NOW, was, SeenName(now, "herald_news", "Herald News")) == ["renamed"]
    long_ago = SeenName(date(2020, 1, 1), "cats", "Cats")
    since = SeenName(date(2020, 2, 1), "herald_news", "Herald News")
    assert kinds(NOW, long_ago, since) == []
    assert kinds(NOW, SeenName(date(2025, 11, 1), "HERALD_news", "")) == []
    both = SeenName(date(2025, 11, 1), "herald_news", "Herald News")
    assert kinds(NOW, was, both) == [], "of two names on one day nobody knows which was later"


def test_made_just_before_is_measured_from_the_first_post_where_there_is_one() -> None:
    young = Account("1", "x", "a", created_at="2025-12-20T10:00:00Z")
    assert kinds(young) == ["created"]
    old = Account("1", "x", "a", created_at="2019-05-01")
    assert kinds(old) == []
    assert kinds(old, first=date(2019, 5, 3)) == ["created"]
    assert kinds(Account("1", "x", "a", created_at="in spring")) == []


def test_an_abandoned_handle_that_a_younger_account_bears_was_taken_over() -> None:
    younger = Account("1", "x", "a", created_at="2024-06-01")
    sign = taken_over(younger, date(2023, 12, 31))
    assert sign is not None
    assert sign.kind == "taken over"
    assert taken_over(younger, date(2024, 12, 31)) is None
    assert taken_over(younger, None) is None
    assert taken_over(Account("1", "x", "a"), date(2023, 12, 31)) is None


def test_histories_are_read_by_their_usual_columns(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("user_id,date,username\n7,2025-02-01,@late\n7,2025-01-01T09:00:00Z,early\n")
    (seen,) = read_histories(path).values()
    assert [one.handle for one in seen] == ["early", "late"]


@pytest.mark.parametrize(
    ("text", "says", "column"),
    [
        ("a,b\n1,2\n", "lacks", None),
        ("", "lacks", None),
        ("account_id,seen_at,handle\n1,soon,x\n", "a day cannot be read", "seen_at"),
        ("account_id,seen_at,handle\n,2025-01-01,x\n", "no account", "account_id"),
    ],
)
def test_a_broken_history_is_refused_with_words(
    tmp_path: Path, text: str, says: str, column: str | None
) -> None:
    path = tmp_path / "names.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=says) as refused:
        read_histories(path)
    assert refused.value.fix
    assert refused.value.column == column
    with pytest.raises(InputError, match="cannot be read"):
        read_histories(tmp_path / "none.csv")


def test_days_are_read_from_days_and_moments() -> None:
    assert day_of("2025-04-10 00:00:00+00:00") == date(2025, 4, 10)
    assert day_of("") is None
