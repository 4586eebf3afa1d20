-- ---------------------------------------------------------------------------------------------
-- Contacts: incoming events, by arm, category, channel and type, and for impressions and spend.
-- ---------------------------------------------------------------------------------------------

CREATE OR REPLACE TEMP TABLE log_rows AS
SELECT *, list_distinct(list_concat(primary_codes, further_codes)) AS codes,
  CASE WHEN fold(sender) IN ('unknown', 'anonymous', 'private', 'private number', 'withheld', 'restricted', 'no caller id',
    'unbekannt', 'anonym', 'inconnu', 'desconocido', 'desconhecido', 'sconosciuto', 'onbekend', 'nieznany') THEN NULL ELSE sender END AS known_sender
FROM contact_rows WHERE event IS NOT NULL AND NOT (means_summary(first_cell) AND filled <= (width + 1) // 2);

-- The ad that an event names: by its label, its path or its last name, where one ad alone has it.
CREATE OR REPLACE TEMP TABLE events AS
WITH wanted AS (SELECT DISTINCT lower(trim(ad)) AS ad FROM log_rows WHERE ad IS NOT NULL),
hits AS (
  SELECT w.ad, CASE w.ad WHEN lower(p.label) THEN 1 WHEN lower(p.path) THEN 2 ELSE 3 END AS way, p.ad_number
  FROM wanted w JOIN per_ad p ON w.ad IN (lower(p.label), lower(p.path), lower(p.name))),
ways AS (
  SELECT w.ad, v.way, count(p.ad_number) AS hits, any_value(p.ad_number) AS ad_number FROM wanted w, (VALUES (1), (2), (3)) v(way), per_ad p
  WHERE w.ad = CASE v.way WHEN 1 THEN lower(p.label) WHEN 2 THEN lower(p.path) ELSE lower(p.name) END GROUP BY ALL),
matched AS (SELECT ad, arg_min(ad_number, way) AS ad_number FROM ways WHERE hits = 1 GROUP BY ad)
SELECT l.*, m.ad_number, p.arm, coalesce(sender_key, known_sender) AS person,
  -- Minutes from the start of the ad's first day, where the log has a time of day.
  CASE WHEN regexp_matches(received, '[ T][0-9]{1,2}:') THEN trunc(date_diff('second', p.start::TIMESTAMP, TRY_CAST(received AS TIMESTAMP)) / 60)::BIGINT END AS minutes
FROM log_rows l LEFT JOIN matched m ON m.ad = lower(trim(l.ad)) LEFT JOIN per_ad p ON p.ad_number = m.ad_number
WHERE coalesce(fold(direction) NOT IN ('out', 'outgoing', 'outbound', 'sent'), true);

-- Every combination of arm, category, channel and type that the report may have asked for.
CREATE OR REPLACE TEMP TABLE asked AS
SELECT coalesce('contacts/' || nullif(concat_ws(',', 'arm=' || a.arm, 'category=' || c.code, 'channel=' || h.channel, 'event=' || t.event_type), ''), 'contacts/all') AS path,
  a.arm, c.code, h.channel, t.event_type
FROM (SELECT arm FROM arm_state UNION ALL SELECT NULL) a,
  (SELECT DISTINCT unnest(codes) AS code FROM events UNION ALL SELECT NULL) c,
  (SELECT DISTINCT channel FROM events WHERE channel IS NOT NULL UNION ALL SELECT NULL) h,
  (SELECT DISTINCT event_type FROM events WHERE event_type IS NOT NULL UNION ALL SELECT NULL) t
WHERE path IN (SELECT regexp_replace(id, '/[a-z_]+$', '') FROM reported WHERE starts_with(id, 'contacts/'));
INSERT INTO recomputed
SELECT path || '/' || v.name, v.k, v.n, v.value, NULL, NULL, false, 'raw' FROM (
  SELECT a.path, count(e.event) AS events, count(DISTINCT e.person) AS people, min(e.minutes) FILTER (e.minutes >= 0) AS first,
    (SELECT count(*) FROM events) AS all_events,
    (SELECT count(DISTINCT c) FROM (SELECT unnest([coder, second_coder]) AS c FROM log_rows)) AS coders
  FROM asked a LEFT JOIN events e ON (a.arm IS NULL OR e.arm = a.arm) AND (a.code IS NULL OR list_contains(e.codes, a.code))
    AND (a.channel IS NULL OR e.channel = a.channel) AND (a.event_type IS NULL OR e.event_type = a.event_type)
  GROUP BY a.path), LATERAL (VALUES
  ('count', NULL::BIGINT, events, events::DOUBLE), ('people', NULL, people, people), ('coders', NULL, coders, coders),
  ('share_of_all', events, all_events, over(events, all_events)), ('first_hours', NULL, NULL, first / 60.0::DOUBLE)) AS v(name, k, n, value)
-- Hours are only known where each time of day is written as 2024-11-05 09:30, in local time.
WHERE (SELECT contacts FROM study) AND NOT (v.name = 'first_hours' AND EXISTS (FROM log_rows
  WHERE received IS NOT NULL AND NOT regexp_full_match(received, '[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?')));
-- A case without a contact log.
INSERT INTO recomputed
SELECT 'contacts/all/' || v.name, v.count, v.count, NULL, NULL, NULL, false, 'raw'
FROM (VALUES ('count', NULL), ('people', NULL), ('coders', NULL), ('first_hours', NULL), ('share_of_all', 0)) AS v(name, count)
WHERE NOT (SELECT contacts FROM study);

-- Agreement of two coders, on the first category of each.
INSERT INTO recomputed
SELECT 'agreement/' || v.name, v.k, v.n, v.value, NULL, NULL, false, 'raw' FROM (
  SELECT count(*) FILTER (codes[1] = second_codes[1]) AS same, count(*) AS coded FROM (
    SELECT list_concat(primary_codes, further_codes) AS codes, second_codes FROM events)
  WHERE len(codes) > 0 AND len(second_codes) > 0), LATERAL (VALUES
  ('percent', same, coded, over(same, coded)), ('events', NULL, coded, coded::DOUBLE)) AS v(name, k, n, value)
WHERE (SELECT contacts FROM study);

CREATE OR REPLACE TEMP TABLE contacts_of_ads AS
SELECT p.arm, p.ad_number, count(e.event) AS contacts FROM per_ad p LEFT JOIN events e USING (ad_number) WHERE p.arm IS NOT NULL GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE contacts_of_arms AS
SELECT a.arm, count(e.event) AS contacts, count(DISTINCT e.person) AS people, count(e.event) FILTER (e.person IS NULL) AS unlogged, true AS by_person
FROM arm_state a LEFT JOIN events e USING (arm) GROUP BY a.arm;
