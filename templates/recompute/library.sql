-- Ads of a library: the outermost objects or the items of a list, and in an answer those under `data`.
-- An ad that stands in the file twice counts as its last copy has it; a cell that stands twice in an ad
-- counts once; people of a gender that the ad does not name are no cell, which is not zero.
CREATE OR REPLACE TEMP TABLE answer AS
WITH top AS (
  SELECT row_number() OVER () AS line, json FROM read_json_objects(getvariable('library_file'), format = 'auto', maximum_object_size = 1073741824)),
outer_items AS (
  SELECT line, unnest(CASE WHEN json_type(json) = 'ARRAY' THEN CAST(json AS JSON[]) ELSE [json] END) AS json FROM top),
objects AS (
  SELECT line, unnest(CASE WHEN json_type(json, '$.data') = 'ARRAY' THEN CAST(json_extract(json, '$.data') AS JSON[]) ELSE [json] END) AS json
  FROM outer_items)
SELECT row_number() OVER () AS n, json, coalesce(clean(json ->> '$.ad_archive_id'), clean(json ->> '$.id'), clean(json ->> '$._id')) AS ad,
  json::VARCHAR AS written, coalesce(clean(json ->> '$.page_name'), clean(json ->> '$.snapshot.page_name')) AS page,
  day_of(coalesce(json ->> '$.ad_delivery_start_time', json ->> '$.start_date')) AS first_day,
  day_of(coalesce(json ->> '$.ad_delivery_stop_time', json ->> '$.end_date')) AS last_day
FROM objects;
-- Ads without a number are known by their page and first day, and by their place where that does not tell them apart.
DELETE FROM answer WHERE ad IS NULL AND NOT coalesce(
  json_exists(json, '$.ad_delivery_start_time') OR json_exists(json, '$.ad_snapshot_url') OR json_exists(json, '$.delivery_by_region')
  OR json_exists(json, '$.age_country_gender_reach_breakdown') OR json_exists(json, '$.demographic_distribution')
  OR json_exists(json, '$.eu_total_reach') OR json_exists(json, '$.transparency_by_location'), false);
UPDATE answer SET ad = a.name FROM (
  SELECT n, trim(CASE WHEN name = '' OR written <> first(written) OVER (PARTITION BY name ORDER BY n) THEN name || ' record ' || n ELSE name END) AS name
  FROM (SELECT n, written, concat_ws(' ', coalesce(page, clean(json ->> '$.page_id')), first_day) AS name FROM answer WHERE ad IS NULL)) a
WHERE a.n = answer.n;
DELETE FROM answer USING (SELECT ad, max(n) AS last FROM answer GROUP BY ad) l WHERE l.ad = answer.ad AND answer.n < l.last;
INSERT INTO delivery_rows
WITH places AS (
  SELECT n, v.place, v.json FROM answer, LATERAL (VALUES
    (1, json -> '$.transparency_by_location.eu_transparency'), (2, json -> '$.transparency_by_location.uk_transparency'),
    (3, json -> '$.transparency_by_location.br_transparency'), (4, json), (5, json -> '$.aaa_info')) AS v(place, json)),
countries AS (
  SELECT n, place, unnest(CAST(json -> '$.age_country_gender_reach_breakdown' AS JSON[])) AS json FROM places
  WHERE json_type(json, '$.age_country_gender_reach_breakdown') = 'ARRAY'),
ages AS (
  SELECT n, place, clean(json ->> '$.country') AS country, unnest(CAST(json -> '$.age_gender_breakdowns' AS JSON[])) AS json FROM countries
  WHERE json_type(json, '$.age_gender_breakdowns') = 'ARRAY'),
people AS (
  SELECT n, place, country, clean(json ->> '$.age_range') AS age, v.gender, TRY_CAST(json ->> ('$.' || v.gender) AS BIGINT) AS people
  FROM ages, (VALUES ('male'), ('female'), ('unknown')) v(gender)),
once AS (
  SELECT n, country, age, gender, arg_min(people, place) AS people FROM people WHERE people IS NOT NULL GROUP BY ALL),
parts AS (
  SELECT n, unnest(CAST(json -> '$.demographic_distribution' AS JSON[])) AS json FROM places
  WHERE json_type(json, '$.demographic_distribution') = 'ARRAY'),
fractions AS (
  SELECT n, clean(json ->> '$.age') AS age, lower(clean(json ->> '$.gender')) AS gender, TRY_CAST(json ->> '$.percentage' AS DECIMAL(38, 15)) AS part,
    starts_with(coalesce(json ->> '$.age', ''), 'All (Automated') OR starts_with(coalesce(json ->> '$.gender', ''), 'All (Automated') AS all_row
  FROM parts),
-- Shares are fractions, or per cent where they add up to a hundred.
scaled AS (
  SELECT n, age, gender, part, all_row, sum(part) OVER (PARTITION BY n) AS all_sum, sum(part) FILTER (NOT all_row) OVER (PARTITION BY n) AS own_sum FROM fractions),
shares AS (
  SELECT n, age, gender, CASE WHEN all_sum BETWEEN 0.95 AND 1.05 OR own_sum BETWEEN 0.95 AND 1.05 AND NOT all_sum BETWEEN 95 AND 105 THEN part * 1000000000
    WHEN all_sum BETWEEN 95 AND 105 OR own_sum BETWEEN 95 AND 105 THEN part * 10000000 END AS share
  FROM scaled WHERE NOT all_row AND gender IS NOT NULL)
SELECT getvariable('library_exhibit'), n, ad, NULL, NULL, NULL, page, NULL, ad, NULL, first_day, last_day, NULL, lower(replace(age, ' ', '')), gender, gender, NULL, country,
  NULL, NULL, NULL, CASE WHEN people IS NOT NULL THEN {'low': people, 'high': people, 'exact': true} END, NULL, NULL, share, NULL, NULL, true
FROM (SELECT n, country, age, gender, people, NULL::BIGINT AS share FROM once
  UNION ALL SELECT n, NULL, age, gender, NULL, CAST(share AS BIGINT) FROM shares WHERE share IS NOT NULL) JOIN answer USING (n);
