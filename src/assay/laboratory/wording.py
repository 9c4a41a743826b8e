"""Ids, links, hashtags and texts of simulated posts, all of them unusable outside Assay.

Links lie on the domains reserved by RFC 2606 (``.example``, ``example.org``), handles look like
``sim_000123`` and texts like ``sample text 0000412 about topic 7: amber birch …``: placeholders
that nobody could post as they are. They differ in words, not only in numbers, so that a
normalisation that drops digits does not make two of them equal.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay.laboratory.actions import FEED, LINK, NONE, REPOST, TEXT, Actions, Stories
from assay.laboratory.organic import HASHTAGS_PER_TOPIC

WORDS = (
    "amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath",
    "inlet", "jasper", "kelp", "larch", "meadow", "north", "opal", "pebble",
    "quartz", "ridge", "slate", "thicket", "umber", "valley", "willow", "yarrow",
    "zephyr", "basin", "cliff", "dune", "estuary", "fern", "glade", "harbour",
)  # fmt: skip
"""Placeholder words; five of them (32^5) tell texts apart."""

WORDS_PER_TEXT = 5
COPIED_PREFIX = "sample statement "
TRACKING = "?utm_source=sample"


def padded(numbers: np.ndarray, width: int) -> pa.Array:
    """Numbers as text with leading zeros."""
    return pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")


def together(*parts: pa.Array | str) -> pa.Array:
    """Columns and constants written one after another; null where a column is null."""
    return pc.binary_join_element_wise(*parts, "")


def account_ids(accounts: np.ndarray) -> pa.Array:
    """``a000123``."""
    return together("a", padded(accounts, 6))


def handles(accounts: np.ndarray) -> pa.Array:
    """``sim_000123``."""
    return together("sim_", padded(accounts, 6))


def post_ids(positions: np.ndarray) -> pa.Array:
    """``p00000412``; null for a negative position."""
    ids = together("p", padded(np.maximum(positions, 0), 8))
    return pc.if_else(pa.array(positions >= 0), ids, pa.scalar(None, pa.string()))


def story_links(stories: Stories) -> pa.Array:
    """One link per story, on a site that does not exist."""
    site = together("https://site", padded(stories.site, 2), ".example")
    site = pc.if_else(pa.array(stories.site >= 1000), together(
        "https://outlet", padded(stories.site - 999, 2), ".example"), site)  # fmt: skip
    site = pc.if_else(pa.array(stories.site == NONE), "https://newswire.example.org", site)
    number = padded(np.arange(len(stories)), 6)
    return together(site, "/topic-", padded(stories.topic, 2), "/story-", number)


def hashtag_names(hashtags: np.ndarray) -> pa.Array:
    """``sample_topic03_07``; null where there is none."""
    known = np.maximum(hashtags, 0)
    names = together(
        "sample_topic", padded(known // HASHTAGS_PER_TOPIC, 2), "_",
        padded(known % HASHTAGS_PER_TOPIC, 2),
    )  # fmt: skip
    return pc.if_else(pa.array(hashtags != NONE), names, pa.scalar(None, pa.string()))


def placeholder_words(numbers: np.ndarray) -> pa.Array:
    """Five words for each number; different numbers below 32^5 get different words."""
    words = pa.array(WORDS)
    base = len(WORDS)
    # An odd factor permutes the residues, so that neighbours do not start alike.
    mixed = (numbers.astype(np.int64) * 2_654_435_761 + 12_345) % base**WORDS_PER_TEXT
    parts = [words.take(pa.array(mixed // base**k % base)) for k in range(WORDS_PER_TEXT)]
    return pc.binary_join_element_wise(*parts, " ")


def post_links(actions: Actions, stories: Stories, tracked: np.ndarray) -> pa.Array:
    """The link of each post that has one; some carry a tracking parameter, as in real exports."""
    links = story_links(stories).take(pa.array(np.maximum(actions.story, 0)))
    links = pc.if_else(pa.array(tracked), together(links, TRACKING), links)
    return pc.if_else(pa.array(actions.behaviour == LINK), links, pa.scalar(None, pa.string()))


def post_texts(actions: Actions, stories: Stories) -> pa.Array:
    """The text of each post: its own, a copied one, a feed's headline, or ``RT @handle: …``."""
    positions = np.arange(len(actions))
    topic = padded(stories.topic[np.maximum(actions.story, 0)], 2)
    own = together(
        "sample text ", padded(positions, 7), " about topic ", topic, ": ",
        placeholder_words(positions),
    )  # fmt: skip
    story = np.maximum(actions.story, 0)
    # Numbers from the far end, so that no statement has the words of a post's own text.
    statement = together(padded(story, 6), " about topic ", topic, ": ",
                         placeholder_words(len(WORDS) ** WORDS_PER_TEXT - 1 - story))  # fmt: skip
    copied = together(COPIED_PREFIX, statement)
    headline = together("sample headline ", statement)
    texts = pc.case_when(
        pc.make_struct(pa.array(actions.origin == FEED), pa.array(actions.behaviour == TEXT)),
        headline,
        copied,
        own,
    )
    tags = together(" #", hashtag_names(actions.hashtag))
    texts = together(texts, pc.fill_null(tags, ""))
    reposts = np.flatnonzero(actions.behaviour == REPOST)
    targets = actions.target[reposts]
    quoted = together(
        "RT @", handles(actions.account[targets]), ": ", texts.take(pa.array(targets))
    )
    return pc.replace_with_mask(texts, pa.array(actions.behaviour == REPOST), quoted)
