"""Small random tables that crowd the peers' odd corners: ties, repeats, loops, empty cells."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import strategies as st

Row = dict[str, Any]

CNT_COLUMNS = (
    "message_id",
    "user_id",
    "username",
    "repost_id",
    "reply_id",
    "message",
    "timestamp",
    "urls",
)
TEXTS = (
    "",
    "Hello World",
    "hello  world",
    "@someone hello world",
    "hello\tworld @x",
    "hello world@x y",
    "hello world y",
    "ÄPFEL und İ",
    "äpfel UND i̇",
    "a\u00a0b",
    "a b",
    "@x\u2003hello world",
    '"quoted, text"',
    "two\nlines",
    "two lines",
)


def share_rows(*, whole_seconds: bool = True) -> st.SearchStrategy[list[Row]]:
    """Rows of a share table; a content may be in several rows, accounts and objects."""
    seconds = st.integers(0, 12)
    return st.lists(
        st.fixed_dictionaries(
            {
                "object_id": st.sampled_from(["o1", "o2", "o3", "c1", "c2", "", None]),
                "account_id": st.sampled_from(["b", "a", "C", "ä", "10", "9"]),
                "content_id": st.sampled_from([f"c{i}" for i in range(14)]),
                "timestamp_share": seconds if whole_seconds else seconds.map(lambda s: s / 4),
            }
        ),
        min_size=1,
        max_size=30,
    )


def single_use_contents(rows: list[Row]) -> list[Row]:
    """The same rows, each with a content of its own, as real data mostly are."""
    return [row | {"content_id": f"p{number}"} for number, row in enumerate(rows)]


def random_posts(seed: int, n_posts: int = 60) -> list[Row]:
    """Posts in CNT's columns, every cell a text."""
    draw = random.Random(seed)
    fractions = draw.random() < 0.5
    return [
        {
            "message_id": f"m{draw.randrange(n_posts)}" if draw.random() < 0.3 else f"p{number}",
            "user_id": f"u{draw.randrange(8)}",
            "username": "",
            "repost_id": draw.choice(["", "", "", "r1", "r2", "p3"]),
            "reply_id": draw.choice(["", "", "t1", "t2", "p1"]),
            "message": draw.choice(TEXTS),
            "timestamp": str(draw.randrange(2000) / 10 if fractions else draw.randrange(200)),
            "urls": draw.choice(["", "l1", "l2", "l1 l2", "l2 l2", "l1  l3", "L1"]),
        }
        for number in range(n_posts)
    ]
