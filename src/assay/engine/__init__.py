"""The engines (DuckDB, Spark) and named steps; only here are they known."""
