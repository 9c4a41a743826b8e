"""The co-action network as named steps: Ibis expressions that every engine runs the same.

Two shares are *co-timed* when they have the same object and lie at most the window apart, ends
included. The windowed self-join is written as a time-bucket equi-join: with buckets one
microsecond wider than the window, a partner lies in the same bucket or the next, so that each
share is joined twice by equality instead of once by a range; engines hash the former and crawl
through the latter (docs/decisions/0010).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.detectors.coaction_sql import co_timed_pairs_sql, coordination_network_sql
from assay.engine.step import Step, Tables

if TYPE_CHECKING:
    import ibis

PAIR_BASE = 2**32
"""An account pair is held in one integer, ``account_i * PAIR_BASE + account_j``."""


def account_codes(source: str, kinds: tuple[str, ...]) -> Step:
    """Number the accounts in the order of their ids, from 0: ``account_id, account``."""

    def build(tables: Tables) -> ibis.Table:
        import ibis

        shares = tables[source]
        distinct = shares.filter(shares.kind.isin(kinds)).select("account_id").distinct()
        return distinct.mutate(
            account=ibis.row_number().over(order_by=distinct.account_id).cast("int32")
        )

    return Step("account_codes", (source,), build)


def object_codes(source: str, kind: str) -> Step:
    """Number the objects of one kind in the order of their ids: ``object_id, object``."""

    def build(tables: Tables) -> ibis.Table:
        import ibis

        shares = tables[source]
        distinct = shares.filter(shares.kind == kind).select("object_id").distinct()
        return distinct.mutate(
            object=ibis.row_number().over(order_by=distinct.object_id).cast("int32")
        )

    return Step("object_codes", (source,), build)


def coded_shares(source: str, kind: str) -> Step:
    """Shares of one kind by number: ``object, account, shared_us`` (µs since 1970)."""

    def build(tables: Tables) -> ibis.Table:
        shares = tables[source]
        of_kind = shares.filter(shares.kind == kind)
        joined = of_kind.inner_join(tables["account_codes"], "account_id").inner_join(
            tables["object_codes"], "object_id"
        )
        at = joined.shared_at
        return joined.select(
            "object",
            "account",
            shared_us=(
                # Whole seconds first: DuckDB's epoch has a fraction, and casting it rounds.
                at.truncate("s").epoch_seconds().cast("int64") * 1_000_000
                + at.microsecond().cast("int64")
            ),
        )

    return Step("coded_shares", (source, "account_codes", "object_codes"), build)


def co_timed_pairs(window_us: int) -> Step:
    """Which two accounts were co-timed on which object, once each: ``object, pair``."""

    def build(tables: Tables) -> ibis.Table:
        import ibis

        shares = tables["active_shares"]
        width_us = window_us + 1
        home = shares.mutate(bucket=(shares.shared_us // width_us).cast("int64"))
        earlier = home.select(
            object="object", bucket="bucket", account_x="account", x_us="shared_us"
        )
        earlier = earlier.union(earlier.mutate(bucket=earlier.bucket + 1))
        later = home.select(object="object", bucket="bucket", account_y="account", y_us="shared_us")
        joined = earlier.inner_join(later, ["object", "bucket"])
        gap_us = joined.y_us - joined.x_us
        co_timed = joined.filter(
            gap_us.between(0, window_us),
            joined.account_x != joined.account_y,
            # Two simultaneous shares meet in both orders; one is enough.
            (gap_us > 0) | (joined.account_x < joined.account_y),
        )
        return co_timed.select(
            "object",
            pair=(
                ibis.least(co_timed.account_x, co_timed.account_y).cast("int64") * PAIR_BASE
                + ibis.greatest(co_timed.account_x, co_timed.account_y).cast("int64")
            ),
        ).distinct()

    return Step("co_timed_pairs", ("active_shares",), build, co_timed_pairs_sql(window_us))


def coordination_network(min_shared: int, source: str = "co_timed_pairs") -> Step:
    """Pairs with at least ``min_shared`` distinct co-timed objects: ``pair, shared_objects``.

    The minimum is applied before anything else is attached: nearly all pairs have one object.
    """

    def build(tables: Tables) -> ibis.Table:
        pairs = tables[source]
        if source == "co_timed_pairs":
            weight = pairs.count()
        else:
            # Summed as floats, exact below 2⁵³: DuckDB widens a sum of integers to 128 bits.
            weight = pairs.shared_objects.cast("float64").sum()
        counted = pairs.group_by("pair").aggregate(shared_objects=weight.cast("int64"))
        return counted.filter(counted.shared_objects >= min_shared)

    sql = coordination_network_sql(min_shared, source)
    return Step("coordination_network", (source,), build, sql)
