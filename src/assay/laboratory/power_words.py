"""What a measurement of power says, in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assay.report.words import counted, listed, span

Row = Mapping[str, Any]

OBJECT_NAMES: Mapping[str, tuple[str, str]] = {
    "link": ("link", "links"),
    "hashtag": ("hashtag", "hashtags"),
    "repost": ("post", "posts"),
    "text": ("text", "texts"),
    "image": ("image", "images"),
}
"""What one and several objects of a kind are called; any other kind's are objects."""

OWN_CROWD = (
    "Larger groups were found less often than smaller ones. Many accounts that share one object "
    "within seconds look like a burst of honest attention, and the test grants every burst its "
    "due: where a group is most of an object's sharers, it is its own crowd."
)


def within(jitter_s: float) -> str:
    """``20 s``, ``200 s``, ``20 min``: seconds stay seconds as long as people count in them."""
    return f"{jitter_s:g} s" if jitter_s < 600 else span(jitter_s)


def group_in_words(row: Row, kind: str) -> str:
    """``a group of 6 that shares 8 links within 20 s``."""
    one, many = OBJECT_NAMES.get(kind, ("object", "objects"))
    verb = "reposts" if kind == "repost" else "shares"
    return (
        f"a group of {row['size']} that {verb} {counted(row['objects'], one, many)} within "
        f"{within(row['jitter_s'])}"
    )


def seen_in_words(row: Row) -> str:
    """``in 18 of 20 plantings``."""
    if row["groups_seen"] == 0:
        return f"in none of {row['runs']} plantings"
    if row["groups_seen"] == row["runs"]:
        return f"in all {row['runs']} plantings"
    return f"in {row['groups_seen']} of {row['runs']} plantings"


def headline(rows: Sequence[Row], kind: str) -> str:
    """The middle of the grid and its smallest group, in one sentence."""
    quickest = [row for row in rows if row["jitter_s"] == min(one["jitter_s"] for one in rows)]
    middle = min(quickest, key=lambda row: (abs(row["size"] - 6), abs(row["objects"] - 8)))
    smallest = min(quickest, key=lambda row: (row["size"], row["objects"]))
    said = group_in_words(middle, kind)
    text = f"{said[0].upper()}{said[1:]} was found {seen_in_words(middle)}"
    if smallest is middle:
        return text + "."
    one, many = OBJECT_NAMES.get(kind, ("object", "objects"))
    return (
        f"{text}; one of {smallest['size']} with {counted(smallest['objects'], one, many)} "
        f"{seen_in_words(smallest)}."
    )


def remarks(rows: Sequence[Row], kind: str) -> tuple[str, ...]:
    """What else a reader should know of these very figures."""
    said = []
    hidden = [row for row in rows if row["high"] < 0.5]
    if hidden:
        widest = max(hidden, key=lambda row: (row["size"], row["objects"]))
        said.append(
            f"{len(hidden)} of the {len(rows)} kinds of group tried would mostly stay unseen in "
            f"data like these, among them {group_in_words(widest, kind)}. That nothing was found "
            "does not show that nothing is there."
        )
    if _smaller_are_found_more(rows):
        said.append(OWN_CROWD)
    return tuple(said)


def method(known: float, kind: str, windows_s: Sequence[float]) -> tuple[str, ...]:
    """How the figures came about."""
    windows = listed([span(window_s) for window_s in windows_s])
    one, many = OBJECT_NAMES.get(kind, ("object", "objects"))
    return (
        "Synthetic accounts were added to the data in memory, one group at a time; every account "
        "and share of the data stayed as it was, and nothing was written into the data set.",
        f"All members of a group share each of its {many}. {known:.0%} of the {many} come from the "
        f"data, where others share them too, and each joint act begins at a moment at which "
        f"somebody in the data shared a {one}.",
        f"The detector ran as assay detect would, with a window of {windows}; an account counts as "
        "found if it is tied to another member by a pair that passes the gate.",
        "Intervals hold in 95 of 100 such measurements; a planting, not an account, counts as one "
        "draw, since members of one group are mostly found together or not at all.",
        "The planted accounts share nothing else. Groups that act in other ways than these are not "
        "measured, and no option looks for behaviour that escapes detection.",
    )


def _smaller_are_found_more(rows: Sequence[Row]) -> bool:
    """Whether somewhere the largest group's interval lies below a smaller group's."""
    cells = {(row["objects"], row["jitter_s"]) for row in rows}
    for objects, jitter_s in cells:
        same = sorted(
            (row for row in rows if (row["objects"], row["jitter_s"]) == (objects, jitter_s)),
            key=lambda row: int(row["size"]),
        )
        if any(same[-1]["high"] < row["low"] for row in same[:-1]):
            return True
    return False
