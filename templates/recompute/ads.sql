-- ---------------------------------------------------------------------------------------------
-- Counts of each ad by gender, and its arm.
-- ---------------------------------------------------------------------------------------------

-- The measure of the study in each cell; a cell without it beside others of its gender is missing from
-- their sum, and anything from zero on.
CREATE OR REPLACE TEMP TABLE measured AS
SELECT s.*, CASE p.measure
    WHEN 'impressions' THEN impressions WHEN 'reach' THEN reach WHEN 'clicks' THEN clicks WHEN 'results' THEN results
    WHEN 'shares' THEN CASE WHEN share IS NOT NULL THEN {'low': share, 'high': share, 'exact': true} END END AS counted
FROM state s, study p;
CREATE OR REPLACE TEMP TABLE opened AS
SELECT m.*,
  counted IS NOT NULL AND NOT counted.exact OR counted IS NULL
    AND bool_or(counted IS NOT NULL) OVER (PARTITION BY ad_number, place, gender) AS open,
  impressions IS NOT NULL AND NOT impressions.exact OR impressions IS NULL
    AND bool_or(impressions IS NOT NULL) OVER (PARTITION BY ad_number, place, gender) AS impressions_open,
  (impressions IS NOT NULL AND impressions.exact) OR (reach IS NOT NULL AND reach.exact)
    OR (clicks IS NOT NULL AND clicks.exact) OR (results IS NOT NULL AND results.exact) OR share IS NOT NULL AS has_count
FROM measured m;

-- Of an ad's breakdowns the coarsest one that has gender (age and gender; region) is taken.
CREATE OR REPLACE TEMP MACRO coarsest(wanted) AS TABLE
SELECT ad_number, arg_min(place, size * 1000000 + place) AS place FROM opened
WHERE has_count AND (breakdown & wanted) = wanted GROUP BY ad_number;
CREATE OR REPLACE TEMP TABLE by_gender AS
SELECT ad_number, coalesce(c.place, m.place) AS place
FROM coarsest(1) c FULL JOIN (SELECT ad_number, min(place) AS place FROM opened WHERE gender IS NOT NULL AND open GROUP BY ad_number) m
USING (ad_number);
CREATE OR REPLACE TEMP TABLE gendered AS
SELECT o.ad_number, o.gender, sum(counted.low) FILTER (counted.exact) AS exact, bool_or(open) AS open,
  sum(CASE WHEN counted IS NULL THEN 0 ELSE counted.low END) FILTER (open OR counted IS NOT NULL) AS low,
  CASE WHEN bool_or(open AND (counted IS NULL OR counted.high IS NULL)) THEN NULL
    ELSE sum(counted.high) FILTER (open OR counted IS NOT NULL) END AS high,
  count(*) FILTER (open OR counted IS NOT NULL) AS told,
  sum(impressions.low) FILTER (impressions.exact) AS impressions
FROM opened o JOIN by_gender g ON g.ad_number = o.ad_number AND g.place = o.place
WHERE o.gender IS NOT NULL GROUP BY o.ad_number, o.gender;

-- What the tester's own table says of an ad: by its name or path, else by its last name.
CREATE OR REPLACE TEMP TABLE labelled AS
SELECT a.*, CASE WHEN count(*) OVER (PARTITION BY name) = 1 THEN name ELSE path END AS label FROM ad_names a;
CREATE OR REPLACE TEMP TABLE declared AS
SELECT l.ad_number, t.* FROM labelled l JOIN (
  SELECT row_number() OVER (ORDER BY exhibit, n) AS line, * FROM ads_rows
  WHERE ad IS NOT NULL AND NOT (means_summary(first_cell) AND filled <= (width + 1) // 2)) t
  ON t.ad IN (l.label, l.path, l.name)
QUALIFY row_number() OVER (PARTITION BY l.ad_number ORDER BY t.ad NOT IN (l.label, l.path), line) = 1;

-- Arms: by the patterns of case.toml, else by the ads table, else one arm of all.
CREATE OR REPLACE TEMP TABLE arm_of AS
SELECT DISTINCT l.ad_number, a.arm FROM labelled l JOIN arms a ON a.pattern IS NOT NULL AND (
  regexp_full_match(l.name, a.pattern, 'is') OR regexp_full_match(l.label, a.pattern, 'is') OR regexp_full_match(l.path, a.pattern, 'is'))
UNION
SELECT ad_number, a.arm FROM declared d JOIN arms a ON a.pattern IS NULL AND a.label = d.arm
UNION
SELECT ad_number, 'all' FROM labelled, arms a WHERE a.arm = 'all' AND a.pattern IS NULL AND a.label IS NULL;

CREATE OR REPLACE TEMP TABLE per_ad AS
WITH sides AS (
  SELECT ad_number, bool_or(open) AS masked,
    max(exact) FILTER (gender = 'female') AS female, max(exact) FILTER (gender = 'male') AS male,
    max(exact) FILTER (gender = 'unknown') AS unknown,
    {'low': max(low) FILTER (gender = 'female'), 'high': max(high) FILTER (gender = 'female'), 'told': coalesce(bool_or(told > 0) FILTER (gender = 'female'), false)} AS f,
    {'low': max(low) FILTER (gender = 'male'), 'high': max(high) FILTER (gender = 'male'), 'told': coalesce(bool_or(told > 0) FILTER (gender = 'male'), false)} AS m,
    {'low': coalesce(max(low) FILTER (gender = 'unknown'), 0), 'high': CASE WHEN coalesce(bool_or(told > 0) FILTER (gender = 'unknown'), false) THEN max(high) FILTER (gender = 'unknown') ELSE 0 END} AS u,
    sum(impressions) AS impressions
  FROM gendered GROUP BY ad_number),
apart AS (SELECT DISTINCT o.ad_number FROM opened o JOIN by_gender g USING (ad_number, place) WHERE impressions_open),
money AS (
  SELECT o.ad_number, CASE WHEN count(*) = count(spend) THEN sum(spend) END AS spend,
    CASE WHEN count(DISTINCT currency) = 1 THEN min(currency) END AS currency
  FROM opened o JOIN coarsest(1) g USING (ad_number, place) GROUP BY o.ad_number),
days AS (SELECT ad_number, min(period_start) AS first_day, max(period_end) AS last_day FROM state GROUP BY ad_number)
SELECT l.*, arm_of.arm, coalesce(s.masked, false) AS masked,
  CASE WHEN NOT s.masked THEN s.female END AS female, CASE WHEN NOT s.masked THEN s.male END AS male,
  CASE WHEN NOT s.masked THEN s.unknown END AS unknown,
  CASE p.outcome WHEN 'male' THEN s.m ELSE s.f END AS outcome, CASE p.outcome WHEN 'male' THEN s.f ELSE s.m END AS other, s.u AS open_unknown,
  CASE WHEN apart.ad_number IS NULL THEN s.impressions END AS impressions, money.spend, money.currency,
  coalesce(d.start, days.first_day) AS start, d.account, d.block
FROM labelled l CROSS JOIN study p LEFT JOIN arm_of USING (ad_number) LEFT JOIN sides s USING (ad_number)
LEFT JOIN apart USING (ad_number) LEFT JOIN money USING (ad_number) LEFT JOIN days USING (ad_number)
LEFT JOIN declared d USING (ad_number);

-- An ad has a share where both genders have a count: absent is not zero.
CREATE OR REPLACE TEMP TABLE shares AS
SELECT a.*, female + male AS n, CASE p.outcome WHEN 'male' THEN male ELSE female END AS k,
  over(CASE p.outcome WHEN 'male' THEN male ELSE female END, female + male) AS share
FROM per_ad a, study p WHERE female IS NOT NULL AND male IS NOT NULL;

-- The smallest and the largest share that the counts allow, whatever is not known.
CREATE OR REPLACE TEMP TABLE bounds AS
SELECT *, CASE WHEN most_other IS NULL THEN 0 WHEN most_other = 0 THEN 1 ELSE over(outcome.low, outcome.low + most_other) END AS least,
  CASE WHEN most_outcome IS NULL THEN 1 WHEN most_outcome = 0 THEN 0 ELSE over(most_outcome, most_outcome + other.low) END AS most,
  outcome.low + other.low + open_unknown.low = 0 AS may_be_empty
FROM (SELECT *, other.high + open_unknown.high AS most_other, outcome.high + open_unknown.high AS most_outcome FROM per_ad
  WHERE outcome.told AND other.told)
WHERE outcome.high IS DISTINCT FROM 0 OR other.high IS DISTINCT FROM 0 OR open_unknown.high IS DISTINCT FROM 0;
