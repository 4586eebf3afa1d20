-- ---------------------------------------------------------------------------------------------
-- What the rows of the files become. Each file adds its rows below.
-- ---------------------------------------------------------------------------------------------

CREATE OR REPLACE TEMP TABLE delivery_rows (
  exhibit INTEGER, n BIGINT, first_cell VARCHAR, whole_row VARCHAR, platform VARCHAR, account VARCHAR,
  campaign VARCHAR, ad_set VARCHAR, ad VARCHAR, ad_id VARCHAR, period_start DATE, period_end DATE, day DATE,
  age VARCHAR, gender_word VARCHAR, gender VARCHAR, region VARCHAR, country VARCHAR, placement VARCHAR, device VARCHAR,
  impressions STRUCT(low BIGINT, high BIGINT, exact BOOLEAN), reach STRUCT(low BIGINT, high BIGINT, exact BOOLEAN),
  clicks STRUCT(low BIGINT, high BIGINT, exact BOOLEAN), results STRUCT(low BIGINT, high BIGINT, exact BOOLEAN),
  share BIGINT, spend DECIMAL(38, 6), currency VARCHAR, disjoint BOOLEAN);
CREATE OR REPLACE TEMP TABLE ads_rows (
  exhibit INTEGER, n BIGINT, first_cell VARCHAR, filled INTEGER, width INTEGER, ad VARCHAR, account VARCHAR, arm VARCHAR,
  block VARCHAR, start DATE, "end" DATE);
CREATE OR REPLACE TEMP TABLE contact_rows (
  exhibit INTEGER, n BIGINT, first_cell VARCHAR, filled INTEGER, width INTEGER, event VARCHAR, received VARCHAR,
  channel VARCHAR, direction VARCHAR, ad VARCHAR, sender VARCHAR, sender_key VARCHAR, event_type VARCHAR,
  primary_codes VARCHAR[], further_codes VARCHAR[], second_codes VARCHAR[], coder VARCHAR, second_coder VARCHAR);
CREATE OR REPLACE TEMP TABLE account_rows (
  exhibit INTEGER, n BIGINT, first_cell VARCHAR, filled INTEGER, width INTEGER, account VARCHAR, platform VARCHAR,
  first_seen DATE, identified DATE, confirmed_by VARCHAR, reported DATE, removed DATE, last_checked DATE);
CREATE OR REPLACE TEMP TABLE feed_rows (
  exhibit INTEGER, n BIGINT, first_cell VARCHAR, filled INTEGER, width INTEGER, account VARCHAR, session VARCHAR,
  date DATE, codes VARCHAR[], coded BOOLEAN);
-- The result: one row for each estimate that is found again. `basis` says from what.
CREATE OR REPLACE TEMP TABLE recomputed (
  id VARCHAR, k BIGINT, n BIGINT, value DOUBLE, low DOUBLE, high DOUBLE, ends BOOLEAN, basis VARCHAR);
