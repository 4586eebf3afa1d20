-- Shares of coded items, from the items above or from the published table of accounts.
CREATE OR REPLACE TEMP MACRO below(path, code) AS path || CASE WHEN code IS NULL THEN '' ELSE '/' || slug(code) END;
INSERT INTO recomputed
SELECT below('feed/' || number, code) || '/' || v.name, v.k, v.n, v.value, NULL, NULL, false, b.basis
FROM (SELECT number, code, sum(items)::BIGINT AS items, sum(coded)::BIGINT AS coded, sum(k)::BIGINT AS k FROM served GROUP BY ALL) s,
  (SELECT feeds AS basis FROM bases) b, LATERAL (VALUES
  ('share', s.k, s.coded, over(s.k, s.coded)), ('items', NULL, items, items::DOUBLE), ('coded', NULL, coded, coded::DOUBLE)) AS v(name, k, n, value)
WHERE b.basis IS NOT NULL AND (code IS NULL OR s.k > 0);
INSERT INTO recomputed
WITH units AS (
  SELECT 'feeds' AS path, code, number AS unit, sum(coded)::BIGINT AS n, sum(k)::BIGINT AS k FROM served GROUP BY ALL
  UNION ALL SELECT 'feeds/by-session', code, session_number, coded, k FROM served WHERE session_number IS NOT NULL),
sums AS (
  SELECT path, code, sum(k)::BIGINT AS k, sum(n)::BIGINT AS n, count(*) FILTER (n > 0) AS units, avg(over(k, n)) AS mean,
    median(over(k, n)) AS median, min(over(k, n)) AS min, max(over(k, n)) AS max FROM units GROUP BY ALL)
SELECT below(path, code) || '/' || v.name, v.k, v.n, v.value, v.low, v.high, v.ends, b.basis
FROM sums, (SELECT feeds AS basis FROM bases) b, (SELECT count(DISTINCT number) AS accounts, count(DISTINCT session_number) AS sessions FROM served) c, LATERAL (VALUES
  ('pooled', k, n, over(k, n), NULL::DOUBLE, NULL::DOUBLE, false), ('mean', NULL, units, mean, NULL, NULL, false),
  ('median', NULL, units, median, NULL, NULL, false), ('min', NULL, units, min, NULL, NULL, false), ('max', NULL, units, max, NULL, NULL, false),
  ('range', NULL, units, NULL, min, max, true), ('accounts', NULL, accounts, accounts, NULL, NULL, false),
  ('sessions', NULL, nullif(sessions, 0), nullif(sessions, 0), NULL, NULL, false)) AS v(name, k, n, value, low, high, ends)
WHERE b.basis = 'raw' OR b.basis = 'published' AND v.name <> 'sessions';
