-- ---------------------------------------------------------------------------------------------
-- Accounts: how many, and for how many days they were seen online.
-- ---------------------------------------------------------------------------------------------

CREATE OR REPLACE TEMP TABLE spans AS
SELECT *, date_diff('day', coalesce(first_seen, identified), until) AS days, date_diff('day', reported, until) AS days_after_report
FROM (SELECT r.*, coalesce(removed, last_checked, s.today) AS until FROM account_rows r, study s
  WHERE account IS NOT NULL AND NOT (means_summary(first_cell) AND filled <= (width + 1) // 2));
INSERT INTO recomputed
SELECT 'accounts/' || v.name, NULL, CASE WHEN v.counted THEN v.value END, v.value, NULL, NULL, false, b.basis FROM (
  SELECT count(*) AS all_of_them, count(removed) AS removed, count(confirmed_by) AS confirmed, count(reported) AS reported,
    count(removed) FILTER (reported IS NOT NULL) AS removed_after, min(days) FILTER (days >= 0) AS shortest, max(days) FILTER (days >= 0) AS longest,
    min(days_after_report) FILTER (days_after_report >= 0) AS shortest_after, max(days_after_report) FILTER (days_after_report >= 0) AS longest_after
  FROM spans), (SELECT accounts AS basis FROM bases) b, LATERAL (VALUES
  ('count', all_of_them, true), ('removed', removed, true), ('still_online', all_of_them - removed, true), ('confirmed', confirmed, true),
  ('reported', reported, true), ('removed_after_report', removed_after, true), ('min_days', shortest, false), ('max_days', longest, false),
  ('min_days_after_report', shortest_after, false), ('max_days_after_report', longest_after, false)) AS v(name, value, counted)
WHERE b.basis IS NOT NULL;
INSERT INTO recomputed
WITH grouped AS (
  SELECT v.split_by, v.kind FROM spans, LATERAL (VALUES ('platform', platform),
    ('confirmed', CASE WHEN confirmed_by IS NULL THEN 'not confirmed' ELSE 'confirmed' END),
    ('reported', CASE WHEN reported IS NULL THEN 'not reported' ELSE 'reported' END)) AS v(split_by, kind) WHERE v.kind IS NOT NULL)
SELECT 'accounts/by-' || split_by || '/count_' || replace(slug(kind), '-', '_'), NULL, count(*), count(*), NULL, NULL, false, b.basis
FROM grouped, (SELECT accounts AS basis FROM bases) b WHERE b.basis IS NOT NULL
GROUP BY split_by, kind, b.basis QUALIFY count(*) OVER (PARTITION BY split_by) > 1;
