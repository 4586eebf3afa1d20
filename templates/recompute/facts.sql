-- ---------------------------------------------------------------------------------------------
-- What is declared. These tables alone are taken from the case and from casefile; compare them with
-- case/case.toml and with the headings and words of the files.
-- ---------------------------------------------------------------------------------------------

CREATE OR REPLACE TEMP TABLE exhibits (
  exhibit INTEGER, name VARCHAR, kind VARCHAR, format VARCHAR, file VARCHAR, state VARCHAR, why VARCHAR, snapshot TIMESTAMP,
  labels_totals BOOLEAN, repeats BOOLEAN);
CREATE OR REPLACE TEMP TABLE arms (place INTEGER, arm VARCHAR, label VARCHAR, pattern VARCHAR);
CREATE OR REPLACE TEMP TABLE pairs (first VARCHAR, second VARCHAR);
CREATE OR REPLACE TEMP TABLE renames (old VARCHAR, new VARCHAR);
CREATE OR REPLACE TEMP TABLE words (exhibit INTEGER, kind VARCHAR, word VARCHAR, meaning VARCHAR);
-- Files that recompute.py reads for DuckDB.
CREATE OR REPLACE TEMP TABLE prepared (exhibit INTEGER, file VARCHAR, form VARCHAR, delimiter VARCHAR, sheet VARCHAR, width INTEGER);
