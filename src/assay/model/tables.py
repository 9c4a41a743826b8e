"""The Parquet schemas of everything that Assay writes: the contract between its parts.

All times are UTC with microseconds. Ids carry their platform (``twitter:123``) except links,
domains, hashtags and texts, which mean the same on every platform.
"""

from __future__ import annotations

import pyarrow as pa

UTC_US = pa.timestamp("us", tz="UTC")

SHARE_KINDS: tuple[str, ...] = (
    "object",
    "link",
    "domain",
    "hashtag",
    "mention",
    "repost",
    "reply",
    "text",
    "image",
)
"""What can be shared. ``object`` is a share table's object whose kind is not told."""

DEFAULT_KINDS: tuple[str, ...] = ("object", "link", "hashtag", "repost", "text", "image")
"""Kinds that a scan looks at unless told otherwise: domain repeats link; mention and reply are
conversation."""

POSTS = pa.schema(
    [
        pa.field("post_id", pa.string(), nullable=False),
        pa.field("account_id", pa.string(), nullable=False),
        pa.field("platform", pa.string(), nullable=False),
        pa.field("created_at", UTC_US, nullable=False),
        pa.field("time_resolution_s", pa.float64()),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("text", pa.string()),
        pa.field("language", pa.string()),
        pa.field("in_reply_to", pa.string()),
        pa.field("repost_of", pa.string()),
        pa.field("quote_of", pa.string()),
        pa.field("media", pa.list_(pa.string())),
        pa.field("url", pa.string()),
        pa.field("title", pa.string()),
        pa.field("client", pa.string()),
        pa.field("source", pa.string(), nullable=False),
        pa.field("row", pa.int64(), nullable=False),
    ]
)

ACCOUNTS = pa.schema(
    [
        pa.field("account_id", pa.string(), nullable=False),
        pa.field("platform", pa.string(), nullable=False),
        pa.field("handle", pa.string()),
        pa.field("display_name", pa.string()),
        pa.field("bio", pa.string()),
        pa.field("url", pa.string()),
        pa.field("created_at", UTC_US),
        pa.field("followers", pa.int64()),
        pa.field("following", pa.int64()),
        pa.field("verified", pa.bool_()),
        pa.field("status", pa.string(), nullable=False),
        pa.field("publisher", pa.string()),
        pa.field("declared_affiliation", pa.string()),
        pa.field("avatar_hash", pa.string()),
        pa.field("first_seen_at", UTC_US),
        pa.field("last_seen_at", UTC_US),
    ]
)

SHARES = pa.schema(
    [
        pa.field("account_id", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("object_id", pa.string(), nullable=False),
        pa.field("post_id", pa.string(), nullable=False),
        pa.field("shared_at", UTC_US, nullable=False),
    ]
)
"""Who did what to which object, when. Sorted by (kind, object_id, shared_at)."""

REJECTS = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("row", pa.int64()),
        pa.field("column", pa.string()),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("raw", pa.string()),
    ]
)

EDGES = pa.schema(
    [
        pa.field("kind", pa.string(), nullable=False),
        pa.field("window_s", pa.float64(), nullable=False),
        pa.field("account_a", pa.string(), nullable=False),
        pa.field("account_b", pa.string(), nullable=False),
        pa.field("shared_objects", pa.int64(), nullable=False),
        pa.field("co_shares", pa.int64(), nullable=False),
        pa.field("common_objects", pa.int64(), nullable=False),
        pa.field("first_at", UTC_US, nullable=False),
        pa.field("last_at", UTC_US, nullable=False),
        pa.field("median_gap_s", pa.float64(), nullable=False),
        pa.field("delta_s", pa.float64(), nullable=False),
        pa.field("expected", pa.float64(), nullable=False),
        pa.field("p_value", pa.float64(), nullable=False),
        pa.field("q_value", pa.float64(), nullable=False),
        pa.field("p_shuffle", pa.float64()),
        pa.field("p_rate", pa.float64()),
        pa.field("p_hypergeometric", pa.float64()),
        pa.field("kept", pa.bool_(), nullable=False),
    ]
)
"""One row per candidate account pair, kind and window; the gate's figures are those of the
narrowest Δ. Sorted by (kind, window_s, account_a, account_b)."""

EDGE_TESTS = pa.schema(
    [
        pa.field("kind", pa.string(), nullable=False),
        pa.field("window_s", pa.float64(), nullable=False),
        pa.field("account_a", pa.string(), nullable=False),
        pa.field("account_b", pa.string(), nullable=False),
        pa.field("delta_s", pa.float64(), nullable=False),
        pa.field("tested_objects", pa.int64(), nullable=False),
        pa.field("co_timed_objects", pa.int64(), nullable=False),
        pa.field("expected", pa.float64(), nullable=False),
        pa.field("p_value", pa.float64(), nullable=False),
        pa.field("q_value", pa.float64(), nullable=False),
    ]
)
"""One row per candidate pair, kind, window and Δ: the gate's test at every Δ side by side.

``tested_objects`` are the common objects that the null leaves free to be co-timed, judged by each
account's first share and at most one for each moment of either account (the hashtags of one post
move together); ``co_timed_objects`` those of them that are co-timed."""

NETWORK_ACCOUNTS = pa.schema(
    [
        pa.field("account_id", pa.string(), nullable=False),
        pa.field("community", pa.int64(), nullable=False),
        pa.field("degree", pa.int64(), nullable=False),
        pa.field("strength", pa.int64(), nullable=False),
        pa.field("shares", pa.int64(), nullable=False),
        pa.field("coordinated_shares", pa.int64(), nullable=False),
        pa.field("p_value", pa.float64()),
        pa.field("q_value", pa.float64()),
    ]
)

HELD_OUT_ACCOUNTS = pa.schema(
    [
        pa.field("window_s", pa.float64(), nullable=False),
        pa.field("found_on", pa.int64(), nullable=False),
        pa.field("account_id", pa.string(), nullable=False),
        pa.field("group", pa.int64(), nullable=False),
        pa.field("partners", pa.int64(), nullable=False),
        pa.field("trials", pa.int64(), nullable=False),
        pa.field("met", pa.int64(), nullable=False),
        pa.field("score", pa.int64(), nullable=False),
        pa.field("expected", pa.float64(), nullable=False),
        pa.field("p_value", pa.float64(), nullable=False),
        pa.field("p_partners_in", pa.float64(), nullable=False),
        pa.field("account_p_value", pa.float64(), nullable=False),
        pa.field("account_q_value", pa.float64(), nullable=False),
    ]
)
"""One row per window, half found on (1 or 2) and account tested on the other half.

``trials`` are held-out shares in which it could have met a partner (a member of its group with
which its own pair counted on the finding half), ``met`` those in which it met one, ``score`` the
partners met. ``p_value`` has the partners left out of the density, ``p_partners_in`` leaves out
the account alone. ``account_p_value`` takes both halves and all windows together;
``account_q_value`` counts every account tested, each with the p-values that its tests can have.
Sorted by (window_s, found_on, group, account_id)."""

HELD_OUT_GROUPS = pa.schema(
    [
        pa.field("window_s", pa.float64(), nullable=False),
        pa.field("found_on", pa.int64(), nullable=False),
        pa.field("group", pa.int64(), nullable=False),
        pa.field("size", pa.int64(), nullable=False),
        pa.field("objects", pa.int64(), nullable=False),
        pa.field("coincidences", pa.int64(), nullable=False),
        pa.field("expected", pa.float64(), nullable=False),
        pa.field("surrogates", pa.int64(), nullable=False),
        pa.field("p_some", pa.float64(), nullable=False),
        pa.field("p_most", pa.float64(), nullable=False),
        pa.field("p_value", pa.float64(), nullable=False),
    ]
)
"""One row per window, half found on and group, tested on the other half: ``coincidences`` of
partners on held-out objects, what surrogates had on average, ``p_some`` (some members meet too
often), ``p_most`` (most of them do, by their own tests) and the larger of both. Sorted by
(window_s, found_on, group)."""

COMMUNITIES = pa.schema(
    [
        pa.field("community", pa.int64(), nullable=False),
        pa.field("size", pa.int64(), nullable=False),
        pa.field("edges", pa.int64(), nullable=False),
        pa.field("kinds", pa.list_(pa.string()), nullable=False),
        pa.field("objects", pa.int64(), nullable=False),
        pa.field("first_at", UTC_US, nullable=False),
        pa.field("last_at", UTC_US, nullable=False),
        pa.field("stability", pa.float64()),
        pa.field("q_value", pa.float64()),
    ]
)

LEAVE_ONE_OUT = pa.schema(
    [
        pa.field("community", pa.int64(), nullable=False),
        pa.field("left_out", pa.string(), nullable=False),
        pa.field("kind", pa.string()),
        pa.field("id", pa.string(), nullable=False),
        pa.field("pairs", pa.int64(), nullable=False),
        pa.field("pairs_left", pa.int64(), nullable=False),
        pa.field("accounts", pa.int64(), nullable=False),
        pa.field("accounts_left", pa.int64(), nullable=False),
        pa.field("largest_p", pa.float64()),
    ]
)
"""One row per community and thing left out (``object`` with its kind, or ``account``): its pairs
(without the account's own), how many of them still pass, its other accounts, how many of them stand
in a pair that still passes, and the largest p among these pairs (null where none passes)."""

ACCOUNT_STABILITY = pa.schema(
    [
        pa.field("account_id", pa.string(), nullable=False),
        pa.field("community", pa.int64(), nullable=False),
        pa.field("stays_objects", pa.float64(), nullable=False),
        pa.field("stays_seeds", pa.float64(), nullable=False),
    ]
)
"""How often an account stays with its community when objects are drawn again, and with other seeds;
0 to 1."""

NETWORK = pa.schema(
    [
        pa.field("account_a", pa.string(), nullable=False),
        pa.field("account_b", pa.string(), nullable=False),
        pa.field("weight", pa.int64(), nullable=False),
        pa.field("kinds", pa.list_(pa.string()), nullable=False),
        pa.field("windows_s", pa.list_(pa.float64()), nullable=False),
        pa.field("q_value", pa.float64(), nullable=False),
        pa.field("first_at", UTC_US, nullable=False),
        pa.field("last_at", UTC_US, nullable=False),
    ]
)
"""Kept edges of all kinds and windows joined into one network: ``weight`` is the number of
distinct co-timed objects over all kept kinds; ``q_value`` the smallest. Account order a < b."""

PAIR_EVIDENCE = pa.schema(
    [
        pa.field("kind", pa.string(), nullable=False),
        pa.field("object_id", pa.string(), nullable=False),
        pa.field("account_a", pa.string(), nullable=False),
        pa.field("account_b", pa.string(), nullable=False),
        pa.field("post_a", pa.string(), nullable=False),
        pa.field("post_b", pa.string(), nullable=False),
        pa.field("shared_at_a", UTC_US, nullable=False),
        pa.field("shared_at_b", UTC_US, nullable=False),
        pa.field("gap_s", pa.float64(), nullable=False),
        pa.field("co_timed", pa.bool_(), nullable=False),
    ]
)
"""Evidence behind kept edges, one row per kind, object and account pair, with the closest pair
of shares; ``co_timed`` false rows are the common objects that were *not* co-timed."""

IMPERSONATION = pa.schema(
    [
        pa.field("account_id", pa.string(), nullable=False),
        pa.field("handle", pa.string()),
        pa.field("display_name", pa.string()),
        pa.field("identity", pa.string(), nullable=False),
        pa.field("verdict", pa.string(), nullable=False),
        pa.field("score", pa.float64(), nullable=False),
        pa.field("reasons", pa.list_(pa.string()), nullable=False),
    ]
)
"""Accounts that pose as, resemble, are a sister of, or are declared (or proved) to be a body of the
register. Sorted by (identity, account_id)."""

LOOKALIKE_DOMAINS = pa.schema(
    [
        pa.field("domain", pa.string(), nullable=False),
        pa.field("identity", pa.string(), nullable=False),
        pa.field("verdict", pa.string(), nullable=False),
        pa.field("score", pa.float64(), nullable=False),
        pa.field("reasons", pa.list_(pa.string()), nullable=False),
    ]
)
"""Domains that resemble a body's own, or are it. Sorted by (identity, domain)."""

CHANGES = pa.schema(
    [
        pa.field("change", pa.string(), nullable=False),
        pa.field("subject", pa.string(), nullable=False),
        pa.field("identity", pa.string(), nullable=False),
        pa.field("verdict", pa.string()),
        pa.field("verdict_before", pa.string()),
        pa.field("handle", pa.string()),
        pa.field("handle_before", pa.string()),
        pa.field("display_name", pa.string()),
        pa.field("display_name_before", pa.string()),
    ]
)
"""What is ``new``, ``renamed`` or ``gone`` since an earlier run, among accounts and domains that
pose as or resemble a body. Sorted by (change, identity, subject)."""
