-- ---------------------------------------------------------------------------------------------
-- Shares of ads and arms, differences and distances.
-- ---------------------------------------------------------------------------------------------

-- What cannot be said: sums of people over ads, sums of shares of unknown totals, and any single value
-- of an arm of which an ad's counts are ranges.
CREATE OR REPLACE TEMP TABLE arm_state AS
SELECT a.arm, any_value(a.label) AS label, any_value(a.place) AS place, coalesce(bool_or(p.masked), false) AS masked,
  any_value(s.measure) IN ('reach', 'shares') AS sums_barred, any_value(s.measure) = 'shares' AS totals_unknown
FROM (SELECT arm, any_value(label) AS label, min(place) AS place FROM arms GROUP BY arm) a
LEFT JOIN per_ad p USING (arm), study s GROUP BY a.arm;

INSERT INTO recomputed
WITH named AS (
  SELECT *, slug(label) || CASE WHEN row_number() OVER (PARTITION BY arm, slug(label) ORDER BY ad_number) = 1 THEN ''
    ELSE '-' || row_number() OVER (PARTITION BY arm, slug(label) ORDER BY ad_number) END AS name
  FROM (SELECT b.ad_number, b.arm, b.label, true AS masked, CASE WHEN outcome.low = outcome.high THEN outcome.low END AS k, outcome.low + other.low AS n, NULL::DOUBLE AS share, least, most
      FROM bounds b WHERE masked
    UNION ALL SELECT ad_number, arm, label, false, k, n, share, NULL, NULL FROM shares)
  WHERE arm IS NOT NULL)
SELECT 'share/' || named.arm || '/ad/' || name,
  CASE WHEN totals_unknown THEN NULL ELSE k END, CASE WHEN totals_unknown THEN NULL ELSE n END, share, least, most, named.masked, 'raw'
FROM named JOIN arm_state USING (arm);

-- An arm: pooled over its ads, and over the shares of its ads.
CREATE OR REPLACE TEMP TABLE arm_shares AS
SELECT a.*, coalesce(sum(s.k), 0)::BIGINT AS k, coalesce(sum(s.n), 0)::BIGINT AS n, count(*) FILTER (s.n > 0) AS units,
  avg(s.share) AS mean, median(s.share) AS median, min(s.share) AS min, max(s.share) AS max,
  coalesce(sum(s.unknown), 0)::BIGINT AS unknown
FROM arm_state a LEFT JOIN shares s USING (arm) GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE arm_bounds AS
SELECT a.arm, count(b.arm) AS units, sum(b.outcome.low)::BIGINT AS ol, sum(b.other.low)::BIGINT AS tl,
  CASE WHEN count(b.arm) = count(b.outcome.high) AND coalesce(sum(b.outcome.high) = sum(b.outcome.low), true) THEN coalesce(sum(b.outcome.low), 0) END::BIGINT AS k,
  CASE WHEN count(b.arm) = count(b.most_other) THEN sum(b.most_other) END AS most_other,
  CASE WHEN count(b.arm) = count(b.most_outcome) THEN sum(b.most_outcome) END AS most_outcome,
  coalesce(avg(least) FILTER (NOT may_be_empty OR least = 0), avg(least)) AS mean_least,
  coalesce(avg(most) FILTER (NOT may_be_empty OR most = 1), avg(most)) AS mean_most, min(least) AS least, max(most) AS most
FROM arm_state a LEFT JOIN bounds b USING (arm) GROUP BY a.arm;
INSERT INTO recomputed
SELECT 'share/' || arm || '/' || v.name, v.k, v.n, v.value, v.low, v.high, v.ends, 'raw'
FROM arm_shares a JOIN arm_bounds b USING (arm), LATERAL (
  SELECT a.masked OR a.sums_barred AS no_sum, a.masked AS no_value, a.masked OR a.totals_unknown AS no_n,
    (over(b.ol, b.ol + b.most_other)) AS bl) x, LATERAL (VALUES
  ('pooled', CASE WHEN NOT no_sum THEN a.k END, CASE WHEN NOT no_sum THEN a.n END, CASE WHEN NOT no_sum THEN over(a.k, a.n) END, NULL::DOUBLE, NULL::DOUBLE, false),
  ('n', NULL, CASE WHEN NOT no_sum THEN a.n END, CASE WHEN NOT no_sum THEN a.n END, NULL, NULL, false),
  ('k', NULL, CASE WHEN NOT no_sum THEN a.k END, CASE WHEN NOT no_sum THEN a.k END, NULL, NULL, false),
  ('ads', NULL, b.units, b.units, NULL, NULL, false),
  ('mean', NULL, CASE WHEN NOT no_value THEN a.units END, CASE WHEN NOT no_value THEN a.mean END, NULL, NULL, false),
  ('median', NULL, CASE WHEN NOT no_value THEN a.units END, CASE WHEN NOT no_value THEN a.median END, NULL, NULL, false),
  ('min', NULL, CASE WHEN NOT no_value THEN a.units END, CASE WHEN NOT no_value THEN a.min END, NULL, NULL, false),
  ('max', NULL, CASE WHEN NOT no_value THEN a.units END, CASE WHEN NOT no_value THEN a.max END, NULL, NULL, false),
  ('range', NULL, CASE WHEN NOT no_value THEN a.units END, NULL, CASE WHEN NOT no_value THEN a.min END, CASE WHEN NOT no_value THEN a.max END, true),
  ('with_unknown', CASE WHEN NOT no_sum THEN a.k END, CASE WHEN NOT no_sum THEN a.n + a.unknown END, CASE WHEN NOT no_sum THEN over(a.k, a.n + a.unknown) END, NULL, NULL, false),
  ('mean_bounds', NULL, b.units, NULL, b.mean_least, b.mean_most, true),
  ('mean_bounds_low', NULL, b.units, b.mean_least, b.mean_least, b.mean_most, true),
  ('mean_bounds_high', NULL, b.units, b.mean_most, b.mean_least, b.mean_most, true),
  ('range_bounds', NULL, b.units, NULL, b.least, b.most, true),
  ('range_bounds_low', NULL, b.units, b.least, b.least, b.most, true),
  ('range_bounds_high', NULL, b.units, b.most, b.least, b.most, true)) AS v(name, k, n, value, low, high, ends);
INSERT INTO recomputed
SELECT 'share/' || arm || '/' || v.name, v.k, v.n, v.value, v.low, v.high, true, 'raw'
FROM (SELECT a.*, NOT a.sums_barred AS given, b.ol, b.tl, b.k AS bound_k,
    CASE WHEN b.units = 0 THEN NULL WHEN most_other IS NULL THEN 0 WHEN most_other = 0 THEN 1 ELSE over(ol, ol + most_other) END AS least,
    CASE WHEN b.units = 0 THEN NULL WHEN most_outcome IS NULL THEN 1 WHEN most_outcome = 0 THEN 0 ELSE over(most_outcome, most_outcome + tl) END AS most
  FROM arm_shares a JOIN arm_bounds b USING (arm)) a, LATERAL (
  SELECT CASE WHEN given THEN bound_k END AS bk, CASE WHEN given THEN coalesce(ol + tl, 0) END AS bn,
    CASE WHEN given THEN least END AS l, CASE WHEN given THEN most END AS m) y, LATERAL (VALUES
  ('bounds', bk, bn, NULL::DOUBLE, l, m), ('bounds_low', bk, bn, l, l, m), ('bounds_high', bk, bn, m, l, m)) AS v(name, k, n, value, low, high);
INSERT INTO recomputed
SELECT 'share/' || a.arm || '/unknown', CASE WHEN given THEN u END, CASE WHEN given THEN t END, CASE WHEN given THEN over(u, t) END, NULL, NULL, false, 'raw'
FROM (SELECT a.arm, NOT (any_value(a.masked) OR any_value(a.sums_barred)) AS given,
    coalesce(sum(coalesce(p.unknown, 0)) FILTER (p.female IS NOT NULL OR p.male IS NOT NULL OR p.unknown IS NOT NULL), 0)::BIGINT AS u,
    coalesce(sum(coalesce(p.female, 0) + coalesce(p.male, 0) + coalesce(p.unknown, 0)), 0)::BIGINT AS t
  FROM arm_state a LEFT JOIN per_ad p USING (arm) GROUP BY a.arm) a;

-- The pooled share at the first of several exports of the same ads.
CREATE OR REPLACE TEMP TABLE chains AS
SELECT counter, row_number() OVER (ORDER BY count(*) DESC, counter) AS chain FROM taken
GROUP BY counter HAVING count(*) > 1 AND bool_and((breakdown & 1) = 1);
CREATE OR REPLACE TEMP TABLE points AS
SELECT k.ad_number, h.chain, t.exhibit, t.taken_at,
  bool_or(c IS NOT NULL AND NOT c.exact OR c IS NULL AND others) AS masked,
  sum(c.low) FILTER (k.gender = 'female' AND c.exact) AS female, sum(c.low) FILTER (k.gender = 'male' AND c.exact) AS male,
  count(*) FILTER (k.gender IS NOT NULL AND c.exact) AS told
FROM (SELECT k.*, CASE p.measure WHEN 'impressions' THEN impressions WHEN 'clicks' THEN clicks WHEN 'results' THEN results
      WHEN 'shares' THEN CASE WHEN share IS NOT NULL THEN {'low': share, 'high': share, 'exact': true} END END AS c,
    bool_or(CASE p.measure WHEN 'impressions' THEN impressions.exact WHEN 'clicks' THEN clicks.exact
      WHEN 'results' THEN results.exact WHEN 'shares' THEN share IS NOT NULL END) OVER (PARTITION BY k.exhibit, ad_number, gender) AS others
  FROM keyed k, study p) k
JOIN taken t ON t.exhibit = k.exhibit JOIN chains h ON h.counter = t.counter
GROUP BY ALL HAVING count(*) FILTER (k.gender IS NOT NULL AND c.exact) > 0;
CREATE OR REPLACE TEMP TABLE first_points AS
SELECT * FROM (SELECT * FROM points QUALIFY chain = min(chain) OVER (PARTITION BY ad_number))
QUALIFY count(*) OVER (PARTITION BY ad_number) > 1 AND row_number() OVER (PARTITION BY ad_number ORDER BY taken_at, exhibit) = 1;
INSERT INTO recomputed
SELECT 'share/' || arm || '/first_export', k, n, over(k, n), NULL, NULL, false, 'raw' FROM (
  SELECT a.arm, sum(CASE s.outcome WHEN 'male' THEN f.male ELSE f.female END)::BIGINT AS k, sum(f.male + f.female)::BIGINT AS n
  FROM per_ad a LEFT JOIN first_points f USING (ad_number), study s WHERE a.arm IS NOT NULL
  GROUP BY a.arm HAVING bool_and(coalesce(f.female IS NOT NULL AND f.male IS NOT NULL AND NOT f.masked, false)));

-- Arms against the benchmark of case.toml.
INSERT INTO recomputed
SELECT 'benchmark/' || a.arm || '/' || v.name, v.k, v.n, v.value, v.low, v.high, v.ends, 'raw'
FROM (SELECT a.*, s.benchmark_low AS bl, s.benchmark_high AS bh,
    (SELECT count(*) FROM shares x WHERE x.arm = a.arm AND x.share > s.benchmark_high) AS above,
    (SELECT count(*) FROM shares x WHERE x.arm = a.arm AND x.share < s.benchmark_low) AS below
  FROM arm_shares a, study s WHERE s.benchmark_low IS NOT NULL) a, LATERAL (VALUES
  ('value', NULL::BIGINT, CASE WHEN NOT masked THEN a.units END, CASE WHEN NOT masked AND bl = bh THEN a.mean - bl END, NULL::DOUBLE, NULL::DOUBLE, false),
  ('pooled', CASE WHEN NOT (masked OR sums_barred) THEN a.k END, CASE WHEN NOT (masked OR sums_barred) THEN a.n END,
    CASE WHEN NOT (masked OR sums_barred) AND bl = bh THEN over(a.k, a.n) - bl END, NULL, NULL, false),
  ('ads_above', NULL, CASE WHEN NOT masked THEN above END, CASE WHEN NOT masked THEN above END, NULL, NULL, false),
  ('ads_below', NULL, CASE WHEN NOT masked THEN below END, CASE WHEN NOT masked THEN below END, NULL, NULL, false)) AS v(name, k, n, value, low, high, ends);

-- Pairs of arms: differences and ratios of their averages, within blocks where each ad is in one.
CREATE OR REPLACE TEMP TABLE contrasts AS
SELECT c.first, c.second, a.masked OR b.masked AS masked, a.sums_barred AS barred, a.totals_unknown AS shares_only,
  a.mean AS mean_a, b.mean AS mean_b, a.units + b.units AS units, over(a.k, a.n) AS pooled_a, over(b.k, b.n) AS pooled_b,
  a.k AS k_a, a.n AS n_a, b.k AS k_b, b.n AS n_b
FROM pairs c JOIN arm_shares a ON a.arm = c.first JOIN arm_shares b ON b.arm = c.second;
CREATE OR REPLACE TEMP TABLE blocks AS
WITH parts AS (
  SELECT c.first, c.second, s.block, s.arm = c.first AS is_first, s.share FROM contrasts c JOIN shares s ON s.arm IN (c.first, c.second)),
each AS (
  SELECT first, second, block, avg(share) FILTER (is_first) - avg(share) FILTER (NOT is_first) AS difference,
    count(share) FILTER (is_first) AS a, count(share) FILTER (NOT is_first) AS b,
    count(*) FILTER (is_first) AS all_a, count(*) FILTER (NOT is_first) AS all_b
  FROM parts GROUP BY first, second, block)
SELECT first, second, count(*) FILTER (a > 0 AND b > 0) AS blocks, count(*) FILTER (NOT (a > 0 AND b > 0)) AS left_out,
  sum(a + b) FILTER (a > 0 AND b > 0)::BIGINT AS units,
  sum(difference * a * b / (a + b)) FILTER (a > 0 AND b > 0) / sum(a * b / (a + b)) FILTER (a > 0 AND b > 0) AS difference
FROM each GROUP BY first, second
HAVING bool_and(block IS NOT NULL) AND bool_or(all_a > 0 AND all_b > 0);
INSERT INTO recomputed
SELECT v.kind || '/' || c.first || '/' || c.second || '/' || v.name, NULL, v.n, v.value, v.low, v.high, v.ends, 'raw'
FROM (SELECT c.*, b.blocks, b.left_out, b.difference, b.units AS block_units, x.mean_least - y.mean_most AS least, x.mean_most - y.mean_least AS most,
    x.units + y.units AS bound_units
  FROM contrasts c LEFT JOIN blocks b USING (first, second) JOIN arm_bounds x ON x.arm = c.first JOIN arm_bounds y ON y.arm = c.second) c,
LATERAL (VALUES
  ('difference', 'value', CASE WHEN NOT masked THEN coalesce(block_units, units) END,
    CASE WHEN NOT masked THEN coalesce(difference, CASE WHEN blocks IS NULL THEN mean_a - mean_b END) END, NULL::DOUBLE, NULL::DOUBLE, false),
  ('difference', 'pooled', CASE WHEN NOT masked AND NOT barred THEN units END, CASE WHEN NOT masked AND NOT barred THEN pooled_a - pooled_b END, NULL, NULL, false),
  ('difference', 'blocks', CASE WHEN NOT masked AND NOT shares_only THEN blocks END, CASE WHEN NOT masked AND NOT shares_only THEN blocks END, NULL, NULL, false),
  ('difference', 'blocks_left_out', CASE WHEN NOT masked AND NOT shares_only THEN left_out END, CASE WHEN NOT masked AND NOT shares_only THEN left_out END, NULL, NULL, false),
  ('difference', 'bounds', bound_units, NULL, least, most, true), ('difference', 'bounds_low', bound_units, least, least, most, true),
  ('difference', 'bounds_high', bound_units, most, least, most, true),
  ('ratio', 'value', CASE WHEN NOT masked THEN units END, CASE WHEN NOT masked AND mean_b > 0 THEN mean_a / mean_b END, NULL, NULL, false),
  ('ratio', 'pooled', CASE WHEN NOT masked AND NOT barred THEN units END,
    CASE WHEN NOT masked AND NOT barred AND pooled_b > 0 THEN pooled_a / pooled_b END, NULL, NULL, false)) AS v(kind, name, n, value, low, high, ends);

-- Ages: each ad from its coarsest breakdown by age and gender.
CREATE OR REPLACE TEMP TABLE by_age AS
WITH own AS (
  SELECT o.*, p.measure, bool_and(o.disjoint) OVER () AS all_disjoint FROM opened o JOIN coarsest(3) c USING (ad_number, place), study p),
apart AS (SELECT DISTINCT ad_number FROM own WHERE impressions_open)
SELECT own.ad_number, any_value(a.arm) AS arm, age, gender,
  sum(CASE WHEN own.measure = 'reach' AND all_disjoint THEN own.reach.low WHEN own.measure = 'shares' THEN own.share
    WHEN own.impressions.exact THEN own.impressions.low END) AS count
FROM own JOIN per_ad a USING (ad_number) WHERE age IS NOT NULL AND gender IS NOT NULL AND own.ad_number NOT IN (SELECT ad_number FROM apart)
GROUP BY own.ad_number, age, gender HAVING count IS NOT NULL;
CREATE OR REPLACE TEMP TABLE with_ages AS
SELECT a.arm FROM per_ad a LEFT JOIN (SELECT DISTINCT ad_number FROM by_age) b USING (ad_number)
WHERE a.arm IS NOT NULL GROUP BY a.arm HAVING count(*) = count(b.ad_number);
INSERT INTO recomputed
WITH profile AS (SELECT arm, age, gender, sum(count)::HUGEINT AS count FROM by_age WHERE arm IS NOT NULL GROUP BY ALL),
apart AS (
  SELECT c.first, c.second, v.name, v.age, v.gender, sum(CASE WHEN p.arm = c.first THEN p.count ELSE 0 END) AS a, sum(CASE WHEN p.arm = c.second THEN p.count ELSE 0 END) AS b
  FROM pairs c JOIN profile p ON p.arm IN (c.first, c.second), LATERAL (VALUES ('value', p.age, p.gender), ('age', p.age, NULL)) AS v(name, age, gender)
  WHERE c.first IN (FROM with_ages) AND c.second IN (FROM with_ages) GROUP BY ALL),
totals AS (SELECT first, second, name, sum(a) AS a, sum(b) AS b FROM apart GROUP BY ALL)
SELECT 'distance/' || first || '/' || second || '/' || name, NULL, any_value(t.a + t.b)::BIGINT,
  sum(abs(x.a::DOUBLE / t.a - x.b::DOUBLE / t.b)) / 2, NULL, NULL, false, 'raw'
FROM apart x JOIN totals t USING (first, second, name), study s
WHERE s.measure IN ('impressions', 'clicks', 'results') OR s.measure = 'reach' AND NOT (SELECT coalesce(bool_and(disjoint), false) FROM state)
GROUP BY first, second, name;

-- Each ad's share by age, weighted by the ages of all arms together.
INSERT INTO recomputed
WITH standard AS (SELECT age, sum(count) AS weight FROM by_age WHERE arm IS NOT NULL AND gender <> 'unknown' GROUP BY age),
strata AS (
  SELECT a.ad_number, a.arm, t.age, t.weight,
    max(CASE WHEN b.gender = s.outcome THEN b.count END) AS k, sum(b.count) FILTER (b.gender IN ('female', 'male')) AS n,
    count(*) FILTER (b.gender IN ('female', 'male')) AS genders
  FROM per_ad a CROSS JOIN standard t CROSS JOIN study s LEFT JOIN by_age b ON b.ad_number = a.ad_number AND b.age = t.age
  WHERE a.arm IS NOT NULL AND t.weight > 0 GROUP BY ALL),
weighted AS (
  SELECT ad_number, arm, least(sum(weight * over(k, n)) / sum(weight), 1) AS share FROM strata
  GROUP BY ad_number, arm HAVING bool_and(genders = 2 AND n > 0))
SELECT 'share/' || a.arm || '/standardised', NULL, count(w.share), avg(w.share), NULL, NULL, false, 'raw'
FROM arm_state a LEFT JOIN weighted w USING (arm), study s
WHERE s.measure = 'impressions' AND (SELECT count(*) FROM with_ages) = (SELECT count(DISTINCT arm) FROM per_ad WHERE arm IS NOT NULL)
  AND (SELECT count(*) FROM with_ages) > 0
GROUP BY a.arm;

-- Shares of a part of an arm, as the report asked for them: by age, account or day.
CREATE OR REPLACE TEMP TABLE by_day AS
WITH daily AS (SELECT o.* FROM opened o WHERE day IS NOT NULL AND gender IS NOT NULL),
chosen AS (SELECT ad_number, arg_min(place, size * 1000000 + place) AS place FROM daily GROUP BY ad_number)
SELECT d.ad_number, any_value(a.arm) AS arm, day, sum(counted.low) FILTER (gender = 'female' AND counted.exact) AS female,
  sum(counted.low) FILTER (gender = 'male' AND counted.exact) AS male
FROM daily d JOIN chosen USING (ad_number, place) JOIN per_ad a USING (ad_number), study s WHERE s.measure NOT IN ('reach', 'shares')
GROUP BY d.ad_number, day HAVING NOT bool_or(open);
CREATE OR REPLACE TEMP TABLE parts AS
SELECT arm, 'age=' || age AS part, max(CASE WHEN gender = s.outcome THEN count END) AS k, sum(count) AS n
FROM by_age, study s WHERE gender IN ('female', 'male') GROUP BY arm, ad_number, age HAVING count(*) = 2
UNION ALL SELECT arm, 'day=' || day, CASE s.outcome WHEN 'male' THEN male ELSE female END, male + female FROM by_day, study s WHERE male IS NOT NULL AND female IS NOT NULL
UNION ALL SELECT arm, 'account=' || account, k, n FROM shares WHERE account IS NOT NULL;
INSERT INTO recomputed
SELECT 'share/' || arm || '/' || part || '/' || v.name, v.k, v.n, v.value, v.low, v.high, v.ends, 'raw' FROM (
  SELECT p.arm, part, any_value(a.sums_barred) AS barred, sum(k)::BIGINT AS k, sum(p.n)::BIGINT AS n, count(*) FILTER (p.n > 0) AS units,
    avg(over(k, p.n)) AS mean, median(over(k, p.n)) AS median, min(over(k, p.n)) AS min, max(over(k, p.n)) AS max
  FROM parts p JOIN arm_state a USING (arm) WHERE NOT a.masked GROUP BY p.arm, part), LATERAL (VALUES
  ('pooled', CASE WHEN NOT barred THEN k END, CASE WHEN NOT barred THEN n END, CASE WHEN NOT barred THEN over(k, n) END, NULL::DOUBLE, NULL::DOUBLE, false),
  ('k', NULL, CASE WHEN NOT barred THEN k END, CASE WHEN NOT barred THEN k END, NULL, NULL, false),
  ('n', NULL, CASE WHEN NOT barred THEN n END, CASE WHEN NOT barred THEN n END, NULL, NULL, false),
  ('mean', NULL, units, mean, NULL, NULL, false), ('median', NULL, units, median, NULL, NULL, false),
  ('min', NULL, units, min, NULL, NULL, false), ('max', NULL, units, max, NULL, NULL, false),
  ('range', NULL, units, NULL, min, max, true)) AS v(name, k, n, value, low, high, ends);

-- Ads, impressions and amounts spent.
INSERT INTO recomputed
SELECT v.kind || '/' || arm || '/' || v.name, NULL, v.n, v.value, NULL, NULL, false, 'raw' FROM (
  SELECT a.arm, count(p.ad_number) AS ads, CASE WHEN count(p.ad_number) > 0 AND count(p.ad_number) = count(p.impressions) THEN sum(p.impressions)::BIGINT END AS impressions,
    CASE WHEN count(p.ad_number) = count(p.spend) AND count(p.ad_number) = count(p.currency) AND count(DISTINCT p.currency) = 1 THEN sum(p.spend) END AS spend
  FROM arm_state a LEFT JOIN per_ad p USING (arm) GROUP BY a.arm), LATERAL (VALUES
  ('ads', 'count', ads, ads::DOUBLE), ('impressions', 'value', impressions, impressions::DOUBLE), ('spend', 'value', NULL, spend::DOUBLE)) AS v(kind, name, n, value);
INSERT INTO recomputed
SELECT 'study/' || v.name, NULL, nullif(v.count, -1), nullif(v.count, -1), NULL, NULL, false, 'raw' FROM (
  SELECT count(*) AS ads, count(DISTINCT account) AS accounts, count(DISTINCT block) AS blocks, (SELECT count(*) FROM arm_state) AS arms
  FROM per_ad WHERE arm IS NOT NULL), LATERAL (VALUES ('ads', ads), ('arms', arms),
  ('accounts', CASE WHEN accounts = 0 THEN -1 ELSE accounts END), ('blocks', CASE WHEN blocks = 0 THEN -1 ELSE blocks END)) AS v(name, count);
