"""The network's two steps as Ibis compiles them for DuckDB, so that a run need not load Ibis.

Loading Ibis and compiling takes about as long as the steps themselves on a million shares. The
expressions in :mod:`assay.detectors.coaction_steps` are what counts: a test compiles them and
compares, for every form used. When it fails, put the text that it shows in place of this one.
"""

from __future__ import annotations

_CO_TIMED_PAIRS = """
SELECT DISTINCT "t7"."object",
  (CAST(LEAST("t7"."account_x", "t7"."account_y") AS BIGINT) * 4294967296)
  + CAST(GREATEST("t7"."account_x", "t7"."account_y") AS BIGINT) AS "pair"
FROM (
  SELECT "t6"."object", "t6"."bucket", "t6"."account_x", "t6"."x_us", "t3"."account_y",
    "t3"."y_us"
  FROM (
    SELECT * FROM (
      SELECT "t0"."object",
        CAST(FLOOR(("t0"."shared_us") / ({width_us})) AS BIGINT) AS "bucket",
        "t0"."account" AS "account_x", "t0"."shared_us" AS "x_us"
      FROM "active_shares" AS "t0"
    ) AS "t1"
    UNION ALL
    SELECT * FROM (
      SELECT "t0"."object",
        CAST(FLOOR(("t0"."shared_us") / ({width_us})) AS BIGINT) + 1 AS "bucket",
        "t0"."account" AS "account_x", "t0"."shared_us" AS "x_us"
      FROM "active_shares" AS "t0"
    ) AS "t4"
  ) AS "t6"
  INNER JOIN (
    SELECT "t0"."object",
      CAST(FLOOR(("t0"."shared_us") / ({width_us})) AS BIGINT) AS "bucket",
      "t0"."account" AS "account_y", "t0"."shared_us" AS "y_us"
    FROM "active_shares" AS "t0"
  ) AS "t3" ON "t6"."object" = "t3"."object" AND "t6"."bucket" = "t3"."bucket"
) AS "t7"
WHERE "t7"."y_us" - "t7"."x_us" BETWEEN 0 AND {window_us}
  AND "t7"."account_x" <> "t7"."account_y"
  AND ((("t7"."y_us" - "t7"."x_us") > 0) OR ("t7"."account_x" < "t7"."account_y"))
"""

_NETWORK = """
SELECT * FROM (
  SELECT "t0"."pair", {weight} AS "shared_objects" FROM "{source}" AS "t0" GROUP BY 1
) AS "t1"
WHERE "t1"."shared_objects" >= {min_shared}
"""

_OF_RECORDS = "COUNT(*)"
_OF_PARTS = 'CAST(SUM(CAST("t0"."shared_objects" AS DOUBLE)) AS BIGINT)'


def co_timed_pairs_sql(window_us: int) -> str:
    """:func:`assay.detectors.coaction_steps.co_timed_pairs` for DuckDB."""
    return _CO_TIMED_PAIRS.format(width_us=int(window_us) + 1, window_us=int(window_us))


def coordination_network_sql(min_shared: int, source: str) -> str:
    """:func:`assay.detectors.coaction_steps.coordination_network` for DuckDB."""
    weight = _OF_RECORDS if source == "co_timed_pairs" else _OF_PARTS
    return _NETWORK.format(weight=weight, source=source, min_shared=int(min_shared))
