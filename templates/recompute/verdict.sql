-- ---------------------------------------------------------------------------------------------
-- What was reported beside what was found again. Counts must be equal, quotients to one part in 10^12.
-- ---------------------------------------------------------------------------------------------

CREATE OR REPLACE TEMP MACRO same(a, b) AS
  CASE WHEN a IS NULL OR b IS NULL THEN a IS NULL AND b IS NULL ELSE abs(a - b) <= 1e-12 * greatest(abs(a), abs(b), 1e-300) END;
-- A difference of two shares loses digits of both.
CREATE OR REPLACE TEMP MACRO nearly(a, b) AS
  CASE WHEN a IS NULL OR b IS NULL THEN a IS NULL AND b IS NULL ELSE abs(a - b) <= 1e-12 * greatest(abs(a), abs(b), 1) END;
CREATE OR REPLACE TEMP TABLE verdicts AS
WITH sourced AS (
  SELECT r.id, coalesce(list(DISTINCT e.name ORDER BY e.name) FILTER (e.state = 'withheld'), []) AS withheld,
    coalesce(list(DISTINCT e.name || ' (' || e.why || ')' ORDER BY e.name || ' (' || e.why || ')') FILTER (e.state = 'unread'), []) AS unread
  FROM (SELECT id, unnest(sources).exhibit AS exhibit FROM reported) r JOIN exhibits e ON e.name = r.exhibit GROUP BY r.id),
-- Ads and arms may depend on every file of delivery and on the ads table, whatever rows a value rests on;
-- contacts, accounts and feeds on each other's logs.
elsewhere AS (
  SELECT v.family, coalesce(list(e.name ORDER BY e.name) FILTER (e.state <> 'raw'), []) AS names
  FROM (VALUES ('contacts', ['contacts', 'delivery', 'ads']), ('agreement', ['contacts']), ('rate', ['contacts', 'delivery', 'ads']),
    ('rate_ratio', ['contacts', 'delivery', 'ads']), ('accounts', ['accounts']), ('feed', ['feeds']), ('feeds', ['feeds']),
    ('', ['delivery', 'ads'])) AS v(family, kinds) LEFT JOIN exhibits e ON list_contains(v.kinds, e.kind) GROUP BY v.family),
compared AS (
  SELECT r.*, c.basis, c.id IS NOT NULL AS found, c.value AS own_value, c.low AS own_low, c.high AS own_high, c.k AS own_k, c.n AS own_n, c.ends,
    coalesce(s.withheld, []) AS withheld, coalesce(s.unread, []) AS unread, coalesce(x.names, y.names) AS elsewhere,
    CASE WHEN regexp_matches(r.id, '^(difference|benchmark)/') THEN nearly(r.value, c.value) ELSE same(r.value, c.value) END
      AND r.k IS NOT DISTINCT FROM c.k AND r.n IS NOT DISTINCT FROM c.n
      AND (NOT c.ends OR CASE WHEN starts_with(r.id, 'difference/') THEN nearly(r.low, c.low) AND nearly(r.high, c.high)
        ELSE same(r.low, c.low) AND same(r.high, c.high) END) AS equal
  FROM reported r LEFT JOIN elsewhere x ON x.family = split_part(r.id, '/', 1) AND x.family <> '' LEFT JOIN elsewhere y ON y.family = ''
    LEFT JOIN recomputed c ON c.id = r.id LEFT JOIN sourced s ON s.id = r.id),
told AS (
  SELECT *, CASE
      -- The published tables of a log, and the counts of ads in full.
      WHEN found AND basis = 'published' AND NOT (starts_with(id, 'rate') AND EXISTS (FROM elsewhere y WHERE y.family = '' AND len(y.names) > 0)) THEN NULL
      WHEN NOT found AND (regexp_matches(id, '(_|/)(low|high|interval)$') AND NOT starts_with(id, 'benchmark/low') AND NOT starts_with(id, 'benchmark/high')
          OR method NOT IN ('count', 'plain', 'ratio', 'wilson', 'ratio-of-sums', 'mean-of-units', 'sample-median', 'sample-range', 'range-bounds',
            'difference-of-means', 'difference-of-ratios', 'blocked-difference', 'ratio-of-means', 'ratio-of-pooled', 'poisson-exact',
            'poisson-ratio-exact', 'direct-standardisation', 'total-variation')
          OR regexp_matches(id, '(/|_)(p|p_holm|p_bh|arrangements|p_error|detectable|dispersion|df|tau|i2|q)$'))
        THEN 'statistics beyond counts and shares: intervals, tests, models'
      WHEN NOT found AND (regexp_matches(id, '^benchmark/(share|low|high|range)$') OR id IN ('study/level', 'study/start', 'study/end'))
        THEN 'declared in the case, or a date'
      WHEN len(withheld) > 0 THEN 'raw evidence is withheld in this edition: ' || array_to_string(withheld, ', ')
      WHEN len(unread) > 0 THEN 'not read here: ' || array_to_string(unread, ', ')
      WHEN len(elsewhere) > 0 AND (NOT coalesce(equal, false) OR value IS NULL AND low IS NULL)
        THEN 'which rows count may depend on evidence that is not read here: ' || array_to_string(elsewhere, ', ')
      WHEN NOT found AND ends_with(id, '/first_hours') THEN 'times of the log are written in another way than 2024-11-05 09:30'
      WHEN NOT found AND NOT regexp_matches(id, '^(share|difference|ratio|distance|ads|impressions|spend|rate|rate_ratio|contacts|accounts|feed|feeds|agreement|study)/')
        THEN 'no rule of this file covers it'
    END AS reason
  FROM compared)
SELECT id, CASE WHEN reason IS NOT NULL THEN 'not checkable' WHEN found AND equal THEN 'agrees' ELSE 'differs' END AS verdict,
  CASE WHEN reason IS NOT NULL THEN NULL ELSE coalesce(basis, 'raw') END AS basis,
  value AS reported, own_value AS recomputed, k AS reported_k, own_k AS recomputed_k, n AS reported_n, own_n AS recomputed_n,
  low AS reported_low, own_low AS recomputed_low, high AS reported_high, own_high AS recomputed_high, coalesce(ends, false) AS ends, reason
FROM told;

-- What the bundle says of itself, and what this file found.
SELECT id, reported, recomputed, verdict, coalesce(reason, CASE basis WHEN 'published' THEN 'from the published tables' ELSE 'from the raw rows' END) AS how
FROM verdicts ORDER BY verdict <> 'differs', id;
SELECT verdict, coalesce(reason, CASE basis WHEN 'published' THEN 'from the published tables' ELSE 'from the raw rows' END) AS how, count(*) AS estimates
FROM verdicts GROUP BY ALL ORDER BY ALL;
