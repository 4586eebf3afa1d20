-- ---------------------------------------------------------------------------------------------
-- Rates: contacts and people for each thousand impressions and each unit of currency.
-- ---------------------------------------------------------------------------------------------

CREATE OR REPLACE TEMP TABLE rates AS
WITH exposed AS (
  SELECT arm, CASE WHEN count(*) = count(impressions) THEN sum(impressions)::HUGEINT END AS impressions,
    CASE WHEN count(*) = count(spend) AND count(*) = count(currency) AND count(DISTINCT currency) = 1 THEN (sum(spend) * 1000000)::HUGEINT END AS micros,
    min(currency) AS currency
  FROM per_ad WHERE arm IS NOT NULL GROUP BY arm)
SELECT c.arm, v.kind, v.people, v.count, v.exposure, v.currency, v.per, CASE WHEN v.people THEN c.unlogged ELSE 0 END AS unlogged, c.basis
FROM (SELECT *, CASE WHEN by_person THEN 'raw' ELSE 'published' END AS basis FROM contacts_of_arms) c LEFT JOIN exposed x USING (arm), LATERAL (VALUES
  ('contacts', false, c.contacts, x.impressions, NULL, 1000), ('people', true, c.people, x.impressions, NULL, 1000),
  ('contacts-per-spend', false, c.contacts, x.micros, x.currency, 1000000), ('people-per-spend', true, c.people, x.micros, x.currency, 1000000))
  AS v(kind, people, count, exposure, currency, per)
WHERE c.by_person OR NOT v.people;
INSERT INTO recomputed
SELECT 'rate/' || kind || '/' || arm || '/value', CASE WHEN exposure IS NOT NULL THEN count END, exposure,
  CASE WHEN exposure > 0 AND unlogged = 0 THEN count::DOUBLE * per / exposure END, NULL, NULL, false, basis
FROM rates;
INSERT INTO recomputed
SELECT 'rate_ratio/' || a.kind || '/' || c.first || '/' || c.second || '/value', NULL,
  CASE WHEN a.unlogged + b.unlogged = 0 THEN a.count + b.count END,
  CASE WHEN a.unlogged + b.unlogged = 0 AND b.count > 0 AND a.exposure > 0 AND b.exposure > 0
    THEN (a.count::DOUBLE * b.exposure) / (b.count::DOUBLE * a.exposure) END, NULL, NULL, false, a.basis
FROM pairs c JOIN rates a ON a.arm = c.first JOIN rates b ON b.arm = c.second AND b.kind = a.kind
WHERE a.exposure IS NOT NULL AND b.exposure IS NOT NULL AND a.currency IS NOT DISTINCT FROM b.currency;

-- The same with the ad as the unit: each ad's contacts and exposure.
CREATE OR REPLACE TEMP TABLE rates_by_ad AS
SELECT x.arm, v.kind, v.per, sum(c.contacts)::HUGEINT AS k, sum(v.exposure)::HUGEINT AS n, count(*) FILTER (v.exposure > 0) AS units
FROM per_ad x JOIN contacts_of_ads c USING (ad_number), LATERAL (VALUES
  ('contacts', x.impressions::HUGEINT, 1000), ('contacts-per-spend', (x.spend * 1000000)::HUGEINT, 1000000)) AS v(kind, exposure, per)
GROUP BY x.arm, v.kind, v.per HAVING bool_and(v.exposure IS NOT NULL AND c.contacts <= v.exposure);
INSERT INTO recomputed
SELECT 'rate/' || kind || '/' || arm || '/by_ad', k, n, over(k, n) * per, NULL, NULL, false, 'raw' FROM rates_by_ad;
INSERT INTO recomputed
SELECT 'rate_ratio/' || a.kind || '/' || c.first || '/' || c.second || '/by_ad', NULL, a.units + b.units,
  CASE WHEN over(b.k, b.n) > 0 THEN over(a.k, a.n) / over(b.k, b.n) END, NULL, NULL, false, 'raw'
FROM pairs c JOIN rates_by_ad a ON a.arm = c.first JOIN rates_by_ad b ON b.arm = c.second AND b.kind = a.kind;
