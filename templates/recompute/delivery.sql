-- ---------------------------------------------------------------------------------------------
-- Delivery: which rows count, and of which ad they are.
-- ---------------------------------------------------------------------------------------------

-- Rows that sum others are left out: totals of the file, rows without a name, and rows in which a
-- breakdown stands for all its values.
CREATE OR REPLACE TEMP TABLE cells AS
SELECT d.*,
  (platform IS NOT NULL)::INT + 2 * (day IS NOT NULL)::INT + 4 * (age IS NOT NULL)::INT
    + 8 * (gender_word IS NOT NULL)::INT + 16 * (region IS NOT NULL)::INT + 32 * (country IS NOT NULL)::INT
    + 64 * (placement IS NOT NULL)::INT + 128 * (device IS NOT NULL)::INT AS filled
FROM delivery_rows d JOIN exhibits e USING (exhibit)
WHERE first_cell IS NOT NULL
  AND NOT (e.labels_totals AND labels_total(first_cell))
  AND coalesce(campaign, ad_set, ad) IS NOT NULL
  AND NOT coalesce(means_all(platform), false) AND NOT coalesce(means_all(age), false)
  AND NOT coalesce(means_all(gender_word), false) AND NOT coalesce(means_all(region), false)
  AND NOT coalesce(means_all(country), false) AND NOT coalesce(means_all(placement), false)
  AND NOT coalesce(means_all(device), false)
  AND NOT (coalesce(means_all(campaign) OR means_total(campaign), true)
    AND coalesce(means_all(ad_set) OR means_total(ad_set), true) AND coalesce(means_all(ad) OR means_total(ad), true)
    AND coalesce(platform, age, gender_word, region, country, placement, device) IS NULL AND day IS NULL);

-- A row that leaves a breakdown empty by which others of its ad are broken down is their sum.
CREATE OR REPLACE TEMP TABLE patterns AS
SELECT DISTINCT exhibit, campaign, ad_set, ad, filled FROM cells WHERE NOT disjoint;
DELETE FROM cells USING patterns p
WHERE NOT cells.disjoint AND p.exhibit = cells.exhibit AND p.campaign IS NOT DISTINCT FROM cells.campaign
  AND p.ad_set IS NOT DISTINCT FROM cells.ad_set AND p.ad IS NOT DISTINCT FROM cells.ad
  AND p.filled <> cells.filled AND (p.filled & cells.filled) = cells.filled;

-- Ads that share a name and have different numbers get their number behind the name.
CREATE OR REPLACE TEMP TABLE shared_names AS
SELECT exhibit, campaign, ad_set, ad FROM cells WHERE regexp_full_match(ad_id, '[0-9]{6,}')
GROUP BY ALL HAVING count(DISTINCT ad_id) > 1;
UPDATE cells SET ad = CASE WHEN cells.ad IS NULL THEN NULL ELSE cells.ad || ' (' || ad_id || ')' END,
  ad_set = CASE WHEN cells.ad IS NULL THEN cells.ad_set || ' (' || ad_id || ')' ELSE cells.ad_set END
FROM shared_names s
WHERE regexp_full_match(ad_id, '[0-9]{6,}') AND s.exhibit = cells.exhibit
  AND s.campaign IS NOT DISTINCT FROM cells.campaign AND s.ad_set IS NOT DISTINCT FROM cells.ad_set
  AND s.ad IS NOT DISTINCT FROM cells.ad;

-- Rows without any number are left out, but for cells of a gender of which others have a count: they
-- are missing from its sum.
CREATE OR REPLACE TEMP MACRO is_counted(impressions, reach, clicks, results, share) AS
  impressions IS NOT NULL OR reach IS NOT NULL OR clicks IS NOT NULL OR results IS NOT NULL OR share IS NOT NULL;
CREATE OR REPLACE TEMP TABLE partly AS
SELECT DISTINCT exhibit, campaign, ad_set, ad, gender FROM cells
WHERE gender IS NOT NULL AND is_counted(impressions, reach, clicks, results, share);
DELETE FROM cells
WHERE NOT is_counted(impressions, reach, clicks, results, share) AND spend IS NULL
  AND NOT EXISTS (SELECT 1 FROM partly p WHERE p.exhibit = cells.exhibit AND p.gender = cells.gender
    AND p.campaign IS NOT DISTINCT FROM cells.campaign AND p.ad_set IS NOT DISTINCT FROM cells.ad_set
    AND p.ad IS NOT DISTINCT FROM cells.ad);

-- A cell that stands twice with the same numbers counts once, in the files in which casefile found such.
CREATE OR REPLACE TEMP TABLE counted_once AS
SELECT c.* FROM cells c JOIN exhibits e USING (exhibit)
QUALIFY NOT e.repeats OR row_number() OVER (
  PARTITION BY c.exhibit, whole_row, platform, account, campaign, ad_set, ad, period_start, period_end, day, age, gender,
    region, country, placement, device, impressions, reach, clicks, results, share, spend ORDER BY c.n) = 1;

-- Names that were changed while an ad ran.
CREATE OR REPLACE TEMP TABLE named AS
SELECT c.* REPLACE (
  CASE WHEN ad IS NULL AND ad_set IS NULL THEN coalesce(r.new, campaign) ELSE campaign END AS campaign,
  CASE WHEN ad IS NULL AND ad_set IS NOT NULL THEN coalesce(r.new, ad_set) ELSE ad_set END AS ad_set,
  CASE WHEN ad IS NOT NULL THEN coalesce(r.new, ad) ELSE ad END AS ad)
FROM counted_once c LEFT JOIN renames r ON r.old = coalesce(ad, ad_set, campaign);

-- An ad of a library is one by its number: where its page was renamed, the last name counts.
UPDATE named SET campaign = p.page FROM (
  SELECT ad, last(campaign ORDER BY period_end NULLS FIRST, exhibit, n) AS page FROM named
  WHERE ad IS NOT NULL AND (disjoint OR share IS NOT NULL) GROUP BY ad) p
WHERE p.ad = named.ad AND (named.disjoint OR named.share IS NOT NULL);

-- Rows that name only a campaign or an ad set of which other rows name the parts are left out; a name
-- without its campaign is that of the only ad that it can be.
CREATE OR REPLACE TEMP TABLE names AS
SELECT row_number() OVER (ORDER BY campaign, ad_set, ad) AS number, * FROM (SELECT DISTINCT campaign, ad_set, ad FROM named);
CREATE OR REPLACE TEMP MACRO fits(part, full_part) AS part IS NULL OR part IS NOT DISTINCT FROM full_part;
CREATE OR REPLACE TEMP TABLE meant AS
WITH fuller AS (
  SELECT s.number, count(f.number) AS choices, any_value(f.number) AS fuller
  FROM names s LEFT JOIN names f ON s.number <> f.number AND s.ad IS NOT DISTINCT FROM f.ad
    AND coalesce(s.ad, s.ad_set) IS NOT NULL AND fits(s.ad_set, f.ad_set) AND fits(s.campaign, f.campaign)
  GROUP BY s.number)
SELECT s.number, CASE WHEN f.choices = 1 THEN f.fuller ELSE s.number END AS meant
FROM names s JOIN fuller f USING (number)
WHERE NOT EXISTS (SELECT 1 FROM names x
  WHERE CASE WHEN s.ad IS NOT NULL THEN 3 WHEN s.ad_set IS NOT NULL THEN 2 ELSE 1 END
      < CASE WHEN x.ad IS NOT NULL THEN 3 WHEN x.ad_set IS NOT NULL THEN 2 ELSE 1 END
    AND (x.campaign IS NULL OR s.campaign IS NULL OR x.campaign = s.campaign)
    AND fits(s.ad_set, x.ad_set) AND fits(s.ad, x.ad)
    AND (s.ad_set IS NOT NULL OR s.campaign IS NOT DISTINCT FROM x.campaign));
CREATE OR REPLACE TEMP TABLE ad_names AS
SELECT row_number() OVER (ORDER BY campaign NULLS FIRST, ad_set NULLS FIRST, ad NULLS FIRST) AS ad_number, *,
  coalesce(ad, ad_set, campaign) AS name, concat_ws(' / ', campaign, ad_set, ad) AS path
FROM (SELECT DISTINCT n.number, n.campaign, n.ad_set, n.ad FROM meant m JOIN names n ON n.number = m.meant);
CREATE OR REPLACE TEMP TABLE keyed AS
SELECT a.ad_number, c.* FROM named c
JOIN names n ON n.campaign IS NOT DISTINCT FROM c.campaign AND n.ad_set IS NOT DISTINCT FROM c.ad_set
  AND n.ad IS NOT DISTINCT FROM c.ad
JOIN meant m ON m.number = n.number JOIN ad_names a ON a.number = m.meant;

-- An ad of a library that stands in several answers is taken from the last of them.
DELETE FROM keyed USING (
  SELECT k.ad_number, arg_max(k.exhibit, (coalesce(e.snapshot, TIMESTAMP '0001-01-01'),
    coalesce(k.period_end, DATE '0001-01-01'), -k.exhibit)) AS exhibit
  FROM keyed k JOIN exhibits e USING (exhibit) WHERE k.disjoint OR k.share IS NOT NULL GROUP BY k.ad_number) taken
WHERE taken.ad_number = keyed.ad_number AND (keyed.disjoint OR keyed.share IS NOT NULL) AND taken.exhibit <> keyed.exhibit;

-- Exports that share ads, breakdown and first day are snapshots of one counter: the last one counts.
CREATE OR REPLACE TEMP TABLE exports AS
SELECT exhibit, min(period_start) AS start, max(period_end) AS "end", any_value(e.snapshot) AS snapshot,
  bool_or(gender IS NOT NULL)::INT + 2 * bool_or(age IS NOT NULL)::INT + 4 * bool_or(region IS NOT NULL)::INT
  + 8 * bool_or(country IS NOT NULL)::INT + 16 * bool_or(placement IS NOT NULL)::INT
  + 32 * bool_or(device IS NOT NULL)::INT + 64 * bool_or(platform IS NOT NULL)::INT
  + 128 * bool_or(day IS NOT NULL)::INT AS breakdown
FROM keyed JOIN exhibits e USING (exhibit) GROUP BY exhibit;
CREATE OR REPLACE TEMP TABLE breakdowns AS
SELECT breakdown, row_number() OVER (ORDER BY min(exhibit)) AS place, bit_count(breakdown::INT) AS size FROM exports GROUP BY breakdown;
CREATE OR REPLACE TEMP TABLE counters AS
WITH RECURSIVE of_ad AS (SELECT DISTINCT exhibit, ad_number FROM keyed),
linked AS (
  SELECT DISTINCT a.exhibit AS a, b.exhibit AS b FROM of_ad x JOIN of_ad y USING (ad_number)
  JOIN exports a ON a.exhibit = x.exhibit JOIN exports b ON b.exhibit = y.exhibit
  WHERE a.breakdown = b.breakdown AND a.start IS NOT DISTINCT FROM b.start),
reached AS (SELECT exhibit AS a, exhibit AS b FROM exports UNION SELECT r.a, l.b FROM reached r JOIN linked l ON l.a = r.b)
SELECT a AS exhibit, min(b) AS counter FROM reached GROUP BY a;
CREATE OR REPLACE TEMP TABLE taken AS
SELECT c.counter, x.*,
  CASE WHEN bool_and(x.snapshot IS NOT NULL) OVER (PARTITION BY c.counter) THEN x.snapshot ELSE x."end"::TIMESTAMP END AS taken_at
FROM counters c JOIN exports x USING (exhibit);
CREATE OR REPLACE TEMP TABLE state AS
SELECT k.*, b.breakdown, b.place, b.size FROM keyed k
JOIN (SELECT exhibit, breakdown FROM taken
  QUALIFY row_number() OVER (PARTITION BY counter ORDER BY taken_at DESC NULLS LAST, exhibit) = 1) t USING (exhibit)
JOIN breakdowns b ON b.breakdown = t.breakdown;
