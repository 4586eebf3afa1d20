-- ---------------------------------------------------------------------------------------------
-- Feeds: what test accounts were served, by code, with the account and the session as units.
-- ---------------------------------------------------------------------------------------------

CREATE OR REPLACE TEMP TABLE items AS
SELECT dense_rank() OVER (ORDER BY account) AS number, dense_rank() OVER (ORDER BY account, session NULLS FIRST, date NULLS FIRST) AS session_number,
  list_distinct(codes) AS codes, coalesce(coded, true) AS coded,
  len(list_filter(codes, lambda code: code NOT IN ('OTHER', 'NONE', 'UNCODABLE', 'NO_CONTENT'))) > 0 AS says
FROM feed_rows WHERE account IS NOT NULL AND NOT (means_summary(first_cell) AND filled <= (width + 1) // 2);
-- Items of each account and session, coded ones, and those with a code; NULL = any code that says something.
CREATE OR REPLACE TEMP TABLE served AS
WITH units AS (SELECT number, session_number, count(*) AS items, count(*) FILTER (coded) AS coded, count(*) FILTER (coded AND says) AS says FROM items GROUP BY ALL),
by_code AS (SELECT number, session_number, c.code, count(*) AS k FROM (SELECT number, session_number, unnest(codes) AS code FROM items WHERE coded) c GROUP BY ALL)
SELECT number, session_number, NULL AS code, items, coded, says AS k FROM units
UNION ALL
SELECT u.number, u.session_number, c.code, u.items, u.coded, coalesce(b.k, 0)
FROM units u CROSS JOIN (SELECT DISTINCT code FROM by_code) c LEFT JOIN by_code b USING (number, session_number, code);
