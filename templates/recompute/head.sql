-- Recomputes the counts and shares of statistics.json from the raw files of this bundle.
--
-- Run in this folder:   duckdb < recompute.sql        or   python3 recompute.py
--
-- It reads the raw files under evidence/, adds up, and compares each result with statistics.json. It
-- writes nothing and opens no connection. DuckDB 1.4 or later.

