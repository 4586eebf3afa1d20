-- Recomputes the counts and shares of statistics.json from the raw files of this bundle.
--
-- Run in this folder:   duckdb < recompute.sql        or   python3 recompute.py
--
-- It reads the raw files under evidence/, adds up, and compares each result with statistics.json. It
-- writes nothing and opens no connection. DuckDB 1.4 or later.


-- ---------------------------------------------------------------------------------------------
-- How a cell is read. Nothing here knows this case.
-- ---------------------------------------------------------------------------------------------

-- Without blanks at either end; NULL where nothing is left.
CREATE OR REPLACE TEMP MACRO clean(cell) AS
  nullif(regexp_replace(cell, '^[\s\p{Z}\x0B\x{85}\x{FEFF}]+|[\s\p{Z}\x0B\x{85}]+$', '', 'g'), '');

-- In lower case with single blanks: the form in which words are compared.
CREATE OR REPLACE TEMP MACRO fold(cell) AS
  replace(replace(lower(regexp_replace(clean(cell), '[\s\p{Z}]+', ' ', 'g')), '’', ''''), '`', '''');

-- A name; dashes alone are none.
CREATE OR REPLACE TEMP MACRO name_of(cell) AS
  CASE WHEN regexp_full_match(clean(cell), '[\s\p{Z}–—-]+') THEN NULL ELSE clean(cell) END;

-- A value; `n/a` and the like are none.
CREATE OR REPLACE TEMP MACRO value_of(cell) AS
  CASE WHEN fold(cell) IN ('n/a', 'na', 'n.a.', 'null', 'none', 'nan', '?', '??') THEN NULL ELSE name_of(cell) END;

-- A number in plain notation, where `mark` separates the decimals.
CREATE OR REPLACE TEMP MACRO plain(cell, mark) AS
  replace(regexp_replace(replace(cell, '−', '-'),
    CASE WHEN mark = ',' THEN '[^0-9,+-]' ELSE '[^0-9.+-]' END, '', 'g'), ',', '.');
CREATE OR REPLACE TEMP MACRO amount(cell, mark) AS
  TRY_CAST(plain(value_of(cell), mark) AS DECIMAL(38, 6));
CREATE OR REPLACE TEMP MACRO whole(cell, mark) AS
  TRY_CAST(TRY_CAST(plain(cell, mark) AS DECIMAL(28, 6)) AS BIGINT);

-- A count, or the range that stands in its place: `<5` is 0 to 4, `>1000` has no upper end.
CREATE OR REPLACE TEMP MACRO is_range(cell) AS
  regexp_matches(cell, '^\s*[<>≤≥]') OR regexp_matches(cell, '^[^–-]*[0-9][^–-]*[–-].*[0-9]');
CREATE OR REPLACE TEMP MACRO tally(cell, mark) AS
  CASE
    WHEN value_of(cell) IS NULL THEN NULL
    WHEN regexp_matches(cell, '^\s*(<=|≤)') THEN {'low': 0::BIGINT, 'high': whole(cell, mark), 'exact': false}
    WHEN regexp_matches(cell, '^\s*<') THEN {'low': 0::BIGINT, 'high': whole(cell, mark) - 1, 'exact': false}
    WHEN regexp_matches(cell, '^\s*(>=|≥)') THEN {'low': whole(cell, mark), 'high': NULL::BIGINT, 'exact': false}
    WHEN regexp_matches(cell, '^\s*>') THEN {'low': whole(cell, mark) + 1, 'high': NULL::BIGINT, 'exact': false}
    WHEN is_range(cell) THEN {
      'low': whole(regexp_extract(cell, '^([^–-]*)[–-](.*)$', 1), mark),
      'high': whole(regexp_extract(cell, '^([^–-]*)[–-](.*)$', 2), mark), 'exact': false}
    WHEN whole(cell, mark) IS NULL THEN NULL
    ELSE {'low': whole(cell, mark), 'high': whole(cell, mark), 'exact': true}
  END;

-- A part of one, in billionths; with the sign it is per cent.
CREATE OR REPLACE TEMP MACRO billionths(cell, mark) AS
  TRY_CAST(TRY_CAST(plain(value_of(cell), mark) AS DECIMAL(38, 15))
    * CASE WHEN contains(cell, '%') THEN 10000000 ELSE 1000000000 END AS BIGINT);

-- Codes of a cell, separated by `;`.
CREATE OR REPLACE TEMP MACRO codes_of(cell) AS
  list_filter(list_transform(string_split(coalesce(value_of(cell), ''), ';'), lambda code: value_of(code)), lambda code: code IS NOT NULL);

-- Words that stand for all values of a column, and words at the start of a row of totals.
CREATE OR REPLACE TEMP MACRO means_all(cell) AS
  fold(cell) IN ('all', 'all (default)', 'total', '総計', '全部', 'すべて', '合計', '전체', 'todas', 'todos', 'tous',
    'toutes', 'alle', 'tutti', 'tutte');
CREATE OR REPLACE TEMP MACRO total_word(folded) AS
  folded IN ('total', 'totals', 'grand total', 'total result', 'subtotal', 'totales', 'resultados totales',
    'total geral', 'total général', 'gesamt', 'gesamtergebnis', 'totale', 'totaal', '合計', '総計', '总计', '總計');
CREATE OR REPLACE TEMP MACRO means_total(cell) AS
  total_word(trim(rtrim(fold(cell), ':'))) OR starts_with(fold(cell), 'total: ');
CREATE OR REPLACE TEMP MACRO labels_total(cell) AS
  coalesce(total_word(fold(cell)) OR fold(cell) = 'summary'
    OR regexp_matches(fold(cell), '^(total of|results from|resultados de|ergebnisse aus|résultats de) [0-9]')
    OR total_word(rtrim(split_part(fold(cell), ':', 1))), false);
CREATE OR REPLACE TEMP MACRO means_summary(cell) AS
  coalesce(means_total(cell) OR trim(rtrim(fold(cell), ':')) IN ('sum', 'summary', 'average', 'mean', 'count', 'media',
    'somme', 'summe', '합계', '총계') OR starts_with(fold(cell), 'sum: '), false);

-- A day, from an ISO date or time, or from seconds since 1970.
CREATE OR REPLACE TEMP MACRO day_of(cell) AS
  CASE WHEN regexp_full_match(cell, '[0-9]{10,12}') THEN make_timestamp(cell::BIGINT * 1000000)::DATE ELSE TRY_CAST(left(cell, 10) AS DATE) END;

-- A name as a part of an id: lower case, hyphens between words, at most 60 characters.
CREATE OR REPLACE TEMP MACRO slug(name) AS
  left(coalesce(nullif(trim(regexp_replace(lower(name), '[^a-z0-9]+', '-', 'g'), '-'), ''), 'x'), 60);

-- A quotient of counts; none over nothing.
CREATE OR REPLACE TEMP MACRO over(k, n) AS
  CASE WHEN n > 0 THEN k::DOUBLE / n::DOUBLE END;

-- ---------------------------------------------------------------------------------------------
-- What is declared. These tables alone are taken from the case and from casefile; compare them with
-- case/case.toml and with the headings and words of the files.
-- ---------------------------------------------------------------------------------------------

CREATE OR REPLACE TEMP TABLE exhibits (
  exhibit INTEGER, name VARCHAR, kind VARCHAR, format VARCHAR, file VARCHAR, state VARCHAR, why VARCHAR, snapshot TIMESTAMP,
  labels_totals BOOLEAN, repeats BOOLEAN);
CREATE OR REPLACE TEMP TABLE arms (place INTEGER, arm VARCHAR, label VARCHAR, pattern VARCHAR);
CREATE OR REPLACE TEMP TABLE pairs (first VARCHAR, second VARCHAR);
CREATE OR REPLACE TEMP TABLE renames (old VARCHAR, new VARCHAR);
CREATE OR REPLACE TEMP TABLE words (exhibit INTEGER, kind VARCHAR, word VARCHAR, meaning VARCHAR);
-- Files that recompute.py reads for DuckDB.
CREATE OR REPLACE TEMP TABLE prepared (exhibit INTEGER, file VARCHAR, form VARCHAR, delimiter VARCHAR, sheet VARCHAR, width INTEGER);

CREATE OR REPLACE TEMP TABLE study AS SELECT 'male' AS outcome, 'impressions' AS measure, DATE '2025-03-17' AS today,
  0.28::DOUBLE AS benchmark_low, 0.28::DOUBLE AS benchmark_high, true AS contacts;
-- What accounts and feeds are counted from.
CREATE OR REPLACE TEMP TABLE bases AS SELECT 'published' AS accounts, 'published' AS feeds;

-- The files of the case. An export of running counts has the time at which it was taken.
INSERT INTO exhibits VALUES
  (1, 'EX-001', 'accounts', 'tidy-accounts', NULL, 'withheld', NULL, NULL, false, false),
  (2, 'EX-002', 'ads', 'tidy-ads', 'evidence/EX-002_ads.csv', 'raw', NULL, NULL, false, false),
  (3, 'EX-003', 'contacts', 'tidy-contacts', NULL, 'withheld', NULL, NULL, false, false),
  (4, 'EX-004', 'delivery', 'meta-ads-manager', 'evidence/EX-004_newsroom_2024-11-05_0900.csv', 'raw', NULL, '2024-11-05T09:00:00', true, false),
  (5, 'EX-005', 'delivery', 'meta-ads-manager', 'evidence/EX-005_newsroom_2024-11-08_0900.csv', 'raw', NULL, '2024-11-08T09:00:00', true, false),
  (6, 'EX-006', 'delivery', 'meta-ads-manager', 'evidence/EX-006_newsroom_2024-11-12_0900.csv', 'raw', NULL, '2024-11-12T09:00:00', true, false),
  (7, 'EX-007', 'delivery', 'meta-ads-manager', 'evidence/EX-007_newsroom_2024-11-18_0900.csv', 'raw', NULL, '2024-11-18T09:00:00', true, false),
  (8, 'EX-008', 'delivery', 'meta-ads-manager', 'evidence/EX-008_shop_2024-11-05_0900.csv', 'raw', NULL, '2024-11-05T09:00:00', true, false),
  (9, 'EX-009', 'delivery', 'meta-ads-manager', 'evidence/EX-009_shop_2024-11-08_0900.csv', 'raw', NULL, '2024-11-08T09:00:00', true, false),
  (10, 'EX-010', 'delivery', 'meta-ads-manager', 'evidence/EX-010_shop_2024-11-12_0900.csv', 'raw', NULL, '2024-11-12T09:00:00', true, false),
  (11, 'EX-011', 'delivery', 'meta-ads-manager', 'evidence/EX-011_shop_2024-11-18_0900.csv', 'raw', NULL, '2024-11-18T09:00:00', true, false),
  (12, 'EX-012', 'delivery', 'meta-ads-manager', 'evidence/EX-012_shop_region_2024-11-18_0900.csv', 'raw', NULL, '2024-11-18T09:00:00', true, false),
  (13, 'EX-013', 'feeds', 'tidy-feeds', NULL, 'withheld', NULL, NULL, false, false),
  (14, 'EX-014', 'attachment', 'attachment', 'evidence/EX-014_protocol.md', 'raw', NULL, NULL, false, false),
  (15, 'EX-015', 'statements', 'tidy-statements', 'evidence/EX-015_statements.csv', 'raw', NULL, NULL, false, false);

-- The arms of the test and the names of their ads, as regular expressions made from the patterns of
-- case.toml; where it has none, an ads table says which ad is in which arm.
INSERT INTO arms VALUES
  (1, 'child', 'Photo with the child', '.* child'),
  (2, 'item', 'The item alone', '.* item'),
  (3, 'covered', 'The child covered', '.* covered');
INSERT INTO pairs VALUES
  ('child', 'item'),
  ('child', 'covered');

-- Words of the files, and what they mean.
INSERT INTO words VALUES
  (4, 'age', '18-24', '18-24'),
  (4, 'age', '25-34', '25-34'),
  (4, 'age', '35-44', '35-44'),
  (4, 'age', '45-54', '45-54'),
  (4, 'age', '55-64', '55-64'),
  (4, 'age', '65+', '65+'),
  (4, 'gender', 'female', 'female'),
  (4, 'gender', 'male', 'male'),
  (5, 'age', '18-24', '18-24'),
  (5, 'age', '25-34', '25-34'),
  (5, 'age', '35-44', '35-44'),
  (5, 'age', '45-54', '45-54'),
  (5, 'age', '55-64', '55-64'),
  (5, 'age', '65+', '65+'),
  (5, 'gender', 'female', 'female'),
  (5, 'gender', 'male', 'male'),
  (5, 'gender', 'unknown', 'unknown'),
  (6, 'age', '18-24', '18-24'),
  (6, 'age', '25-34', '25-34'),
  (6, 'age', '35-44', '35-44'),
  (6, 'age', '45-54', '45-54'),
  (6, 'age', '55-64', '55-64'),
  (6, 'age', '65+', '65+'),
  (6, 'gender', 'female', 'female'),
  (6, 'gender', 'male', 'male'),
  (6, 'gender', 'unknown', 'unknown'),
  (7, 'age', '18-24', '18-24'),
  (7, 'age', '25-34', '25-34'),
  (7, 'age', '35-44', '35-44'),
  (7, 'age', '45-54', '45-54'),
  (7, 'age', '55-64', '55-64'),
  (7, 'age', '65+', '65+'),
  (7, 'gender', 'female', 'female'),
  (7, 'gender', 'male', 'male'),
  (7, 'gender', 'unknown', 'unknown'),
  (8, 'age', '18-24', '18-24'),
  (8, 'age', '25-34', '25-34'),
  (8, 'age', '35-44', '35-44'),
  (8, 'age', '45-54', '45-54'),
  (8, 'age', '55-64', '55-64'),
  (8, 'age', '65+', '65+'),
  (8, 'gender', 'female', 'female'),
  (8, 'gender', 'male', 'male'),
  (9, 'age', '18-24', '18-24'),
  (9, 'age', '25-34', '25-34'),
  (9, 'age', '35-44', '35-44'),
  (9, 'age', '45-54', '45-54'),
  (9, 'age', '55-64', '55-64'),
  (9, 'age', '65+', '65+'),
  (9, 'gender', 'female', 'female'),
  (9, 'gender', 'male', 'male'),
  (9, 'gender', 'unknown', 'unknown'),
  (10, 'age', '18-24', '18-24'),
  (10, 'age', '25-34', '25-34'),
  (10, 'age', '35-44', '35-44'),
  (10, 'age', '45-54', '45-54'),
  (10, 'age', '55-64', '55-64'),
  (10, 'age', '65+', '65+'),
  (10, 'gender', 'female', 'female'),
  (10, 'gender', 'male', 'male'),
  (10, 'gender', 'unknown', 'unknown'),
  (11, 'age', '18-24', '18-24'),
  (11, 'age', '25-34', '25-34'),
  (11, 'age', '35-44', '35-44'),
  (11, 'age', '45-54', '45-54'),
  (11, 'age', '55-64', '55-64'),
  (11, 'age', '65+', '65+'),
  (11, 'gender', 'female', 'female'),
  (11, 'gender', 'male', 'male'),
  (11, 'gender', 'unknown', 'unknown');

-- == The files that DuckDB does not read by itself are prepared here by recompute.py. ==

-- ---------------------------------------------------------------------------------------------
-- What the rows of the files become. Each file adds its rows below.
-- ---------------------------------------------------------------------------------------------

CREATE OR REPLACE TEMP TABLE delivery_rows (
  exhibit INTEGER, n BIGINT, first_cell VARCHAR, whole_row VARCHAR, platform VARCHAR, account VARCHAR,
  campaign VARCHAR, ad_set VARCHAR, ad VARCHAR, ad_id VARCHAR, period_start DATE, period_end DATE, day DATE,
  age VARCHAR, gender_word VARCHAR, gender VARCHAR, region VARCHAR, country VARCHAR, placement VARCHAR, device VARCHAR,
  impressions STRUCT(low BIGINT, high BIGINT, exact BOOLEAN), reach STRUCT(low BIGINT, high BIGINT, exact BOOLEAN),
  clicks STRUCT(low BIGINT, high BIGINT, exact BOOLEAN), results STRUCT(low BIGINT, high BIGINT, exact BOOLEAN),
  share BIGINT, spend DECIMAL(38, 6), currency VARCHAR, disjoint BOOLEAN);
CREATE OR REPLACE TEMP TABLE ads_rows (
  exhibit INTEGER, n BIGINT, first_cell VARCHAR, filled INTEGER, width INTEGER, ad VARCHAR, account VARCHAR, arm VARCHAR,
  block VARCHAR, start DATE, "end" DATE);
CREATE OR REPLACE TEMP TABLE contact_rows (
  exhibit INTEGER, n BIGINT, first_cell VARCHAR, filled INTEGER, width INTEGER, event VARCHAR, received VARCHAR,
  channel VARCHAR, direction VARCHAR, ad VARCHAR, sender VARCHAR, sender_key VARCHAR, event_type VARCHAR,
  primary_codes VARCHAR[], further_codes VARCHAR[], second_codes VARCHAR[], coder VARCHAR, second_coder VARCHAR);
CREATE OR REPLACE TEMP TABLE account_rows (
  exhibit INTEGER, n BIGINT, first_cell VARCHAR, filled INTEGER, width INTEGER, account VARCHAR, platform VARCHAR,
  first_seen DATE, identified DATE, confirmed_by VARCHAR, reported DATE, removed DATE, last_checked DATE);
CREATE OR REPLACE TEMP TABLE feed_rows (
  exhibit INTEGER, n BIGINT, first_cell VARCHAR, filled INTEGER, width INTEGER, account VARCHAR, session VARCHAR,
  date DATE, codes VARCHAR[], coded BOOLEAN);
-- The result: one row for each estimate that is found again. `basis` says from what.
CREATE OR REPLACE TEMP TABLE recomputed (
  id VARCHAR, k BIGINT, n BIGINT, value DOUBLE, low DOUBLE, high DOUBLE, ends BOOLEAN, basis VARCHAR);

-- ---------------------------------------------------------------------------------------------
-- What was reported.
-- ---------------------------------------------------------------------------------------------

CREATE OR REPLACE TEMP TABLE reported AS
SELECT e.id, e.value, e.low, e.high, e.k, e.n, e.method, e.sources FROM (
  SELECT unnest(estimates) AS e FROM read_json('statistics.json', format = 'unstructured', maximum_object_size = 1073741824,
    columns = {'estimates': 'STRUCT(id VARCHAR, value DOUBLE, low DOUBLE, high DOUBLE, k BIGINT, n BIGINT, method VARCHAR,
      sources STRUCT(exhibit VARCHAR)[])[]'}));

-- ---------------------------------------------------------------------------------------------
-- The raw files. Rows are those below the row of headings; columns are found by their headings.
-- ---------------------------------------------------------------------------------------------

-- EX-002: evidence/EX-002_ads.csv, tidy-ads.
CREATE OR REPLACE TEMP TABLE cells_2 AS
SELECT row_number() OVER () AS n, * FROM read_csv('evidence/EX-002_ads.csv', auto_detect = false, header = false, delim = ',', quote = '"', escape = '"',
  encoding = 'utf-8', null_padding = true, parallel = false, max_line_size = 67108864,
  columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR', 'c7': 'VARCHAR', 'c8': 'VARCHAR', 'c9': 'VARCHAR', 'c10': 'VARCHAR', 'c11': 'VARCHAR', 'c12': 'VARCHAR', 'c13': 'VARCHAR', 'c14': 'VARCHAR'});
-- c1 ad = ad
-- c2 account = account
-- c3 arm = arm
-- c4 block = block
-- c5 creative = creative
-- c6 creative_sha256 = creative_sha256
-- c7 text = text
-- c8 targeting = targeting
-- c9 objective = objective
-- c10 start = start
-- c11 end = end
-- c12 budget = budget
-- c13 spend = spend
-- c14 currency = currency
INSERT INTO ads_rows
SELECT 2, n, coalesce(clean(c1), clean(c2), clean(c3), clean(c4), clean(c5), clean(c6), clean(c7), clean(c8), clean(c9), clean(c10), clean(c11), clean(c12), clean(c13), clean(c14), NULL), (clean(c1) IS NOT NULL)::INT + (clean(c2) IS NOT NULL)::INT + (clean(c3) IS NOT NULL)::INT + (clean(c4) IS NOT NULL)::INT + (clean(c5) IS NOT NULL)::INT + (clean(c6) IS NOT NULL)::INT + (clean(c7) IS NOT NULL)::INT + (clean(c8) IS NOT NULL)::INT + (clean(c9) IS NOT NULL)::INT + (clean(c10) IS NOT NULL)::INT + (clean(c11) IS NOT NULL)::INT + (clean(c12) IS NOT NULL)::INT + (clean(c13) IS NOT NULL)::INT + (clean(c14) IS NOT NULL)::INT, 14, value_of(c1), name_of(c2), name_of(c3), name_of(c4), TRY_CAST(value_of(c10) AS DATE), TRY_CAST(value_of(c11) AS DATE)
FROM cells_2
WHERE n > (SELECT min(n) FROM cells_2 WHERE clean(c1) = 'ad' AND clean(c2) = 'account' AND clean(c3) = 'arm' AND clean(c4) = 'block' AND clean(c5) = 'creative' AND clean(c6) = 'creative_sha256' AND clean(c7) = 'text' AND clean(c8) = 'targeting' AND clean(c9) = 'objective' AND clean(c10) = 'start' AND clean(c11) = 'end' AND clean(c12) = 'budget' AND clean(c13) = 'spend' AND clean(c14) = 'currency');

-- EX-004: evidence/EX-004_newsroom_2024-11-05_0900.csv, meta-ads-manager.
CREATE OR REPLACE TEMP TABLE cells_4 AS
SELECT row_number() OVER () AS n, * FROM read_csv('evidence/EX-004_newsroom_2024-11-05_0900.csv', auto_detect = false, header = false, delim = ',', quote = '"', escape = '"',
  encoding = 'utf-8', null_padding = true, parallel = false, max_line_size = 67108864,
  columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR', 'c7': 'VARCHAR', 'c8': 'VARCHAR', 'c9': 'VARCHAR', 'c10': 'VARCHAR', 'c11': 'VARCHAR', 'c12': 'VARCHAR', 'c13': 'VARCHAR', 'c14': 'VARCHAR', 'c15': 'VARCHAR', 'c16': 'VARCHAR'});
-- c1 Campaign name = campaign
-- c2 Ad set name = ad_set
-- c3 Ad name = ad
-- c4 Age = age
-- c5 Gender = gender
-- c6 Reach = reach
-- c7 Impressions = impressions
-- c10 Results = results
-- c11 Amount spent (EUR) = spend
-- c15 Reporting starts = period_start
-- c16 Reporting ends = period_end
INSERT INTO delivery_rows
SELECT 4, n, coalesce(clean(c1), clean(c2), clean(c3), clean(c4), clean(c5), clean(c6), clean(c7), clean(c8), clean(c9), clean(c10), clean(c11), clean(c12), clean(c13), clean(c14), clean(c15), clean(c16), NULL), NULL, NULL, NULL, name_of(c1), name_of(c2), name_of(c3), NULL, TRY_CAST(value_of(c15) AS DATE), TRY_CAST(value_of(c16) AS DATE), NULL, coalesce(word_age.meaning, fold(c4)), name_of(c5), word_gender.meaning, NULL, NULL, NULL, NULL, tally(c7, '.'), tally(c6, '.'), NULL, tally(c10, '.'), NULL, amount(c11, '.'), 'EUR', false
FROM cells_4
LEFT JOIN words word_age ON word_age.exhibit = 4 AND word_age.kind = 'age' AND word_age.word = clean(c4)
LEFT JOIN words word_gender ON word_gender.exhibit = 4 AND word_gender.kind = 'gender' AND word_gender.word = clean(c5)
WHERE n > (SELECT min(n) FROM cells_4 WHERE clean(c1) = 'Campaign name' AND clean(c2) = 'Ad set name' AND clean(c3) = 'Ad name' AND clean(c4) = 'Age' AND clean(c5) = 'Gender' AND clean(c6) = 'Reach' AND clean(c7) = 'Impressions' AND clean(c10) = 'Results' AND clean(c11) = 'Amount spent (EUR)' AND clean(c15) = 'Reporting starts' AND clean(c16) = 'Reporting ends');

-- EX-005: evidence/EX-005_newsroom_2024-11-08_0900.csv, meta-ads-manager.
CREATE OR REPLACE TEMP TABLE cells_5 AS
SELECT row_number() OVER () AS n, * FROM read_csv('evidence/EX-005_newsroom_2024-11-08_0900.csv', auto_detect = false, header = false, delim = ',', quote = '"', escape = '"',
  encoding = 'utf-8', null_padding = true, parallel = false, max_line_size = 67108864,
  columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR', 'c7': 'VARCHAR', 'c8': 'VARCHAR', 'c9': 'VARCHAR', 'c10': 'VARCHAR', 'c11': 'VARCHAR', 'c12': 'VARCHAR', 'c13': 'VARCHAR', 'c14': 'VARCHAR', 'c15': 'VARCHAR', 'c16': 'VARCHAR'});
-- c1 Campaign name = campaign
-- c2 Ad set name = ad_set
-- c3 Ad name = ad
-- c4 Age = age
-- c5 Gender = gender
-- c6 Reach = reach
-- c7 Impressions = impressions
-- c10 Results = results
-- c11 Amount spent (EUR) = spend
-- c15 Reporting starts = period_start
-- c16 Reporting ends = period_end
INSERT INTO delivery_rows
SELECT 5, n, coalesce(clean(c1), clean(c2), clean(c3), clean(c4), clean(c5), clean(c6), clean(c7), clean(c8), clean(c9), clean(c10), clean(c11), clean(c12), clean(c13), clean(c14), clean(c15), clean(c16), NULL), NULL, NULL, NULL, name_of(c1), name_of(c2), name_of(c3), NULL, TRY_CAST(value_of(c15) AS DATE), TRY_CAST(value_of(c16) AS DATE), NULL, coalesce(word_age.meaning, fold(c4)), name_of(c5), word_gender.meaning, NULL, NULL, NULL, NULL, tally(c7, '.'), tally(c6, '.'), NULL, tally(c10, '.'), NULL, amount(c11, '.'), 'EUR', false
FROM cells_5
LEFT JOIN words word_age ON word_age.exhibit = 5 AND word_age.kind = 'age' AND word_age.word = clean(c4)
LEFT JOIN words word_gender ON word_gender.exhibit = 5 AND word_gender.kind = 'gender' AND word_gender.word = clean(c5)
WHERE n > (SELECT min(n) FROM cells_5 WHERE clean(c1) = 'Campaign name' AND clean(c2) = 'Ad set name' AND clean(c3) = 'Ad name' AND clean(c4) = 'Age' AND clean(c5) = 'Gender' AND clean(c6) = 'Reach' AND clean(c7) = 'Impressions' AND clean(c10) = 'Results' AND clean(c11) = 'Amount spent (EUR)' AND clean(c15) = 'Reporting starts' AND clean(c16) = 'Reporting ends');

-- EX-006: evidence/EX-006_newsroom_2024-11-12_0900.csv, meta-ads-manager.
CREATE OR REPLACE TEMP TABLE cells_6 AS
SELECT row_number() OVER () AS n, * FROM read_csv('evidence/EX-006_newsroom_2024-11-12_0900.csv', auto_detect = false, header = false, delim = ',', quote = '"', escape = '"',
  encoding = 'utf-8', null_padding = true, parallel = false, max_line_size = 67108864,
  columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR', 'c7': 'VARCHAR', 'c8': 'VARCHAR', 'c9': 'VARCHAR', 'c10': 'VARCHAR', 'c11': 'VARCHAR', 'c12': 'VARCHAR', 'c13': 'VARCHAR', 'c14': 'VARCHAR', 'c15': 'VARCHAR', 'c16': 'VARCHAR'});
-- c1 Campaign name = campaign
-- c2 Ad set name = ad_set
-- c3 Ad name = ad
-- c4 Age = age
-- c5 Gender = gender
-- c6 Reach = reach
-- c7 Impressions = impressions
-- c10 Results = results
-- c11 Amount spent (EUR) = spend
-- c15 Reporting starts = period_start
-- c16 Reporting ends = period_end
INSERT INTO delivery_rows
SELECT 6, n, coalesce(clean(c1), clean(c2), clean(c3), clean(c4), clean(c5), clean(c6), clean(c7), clean(c8), clean(c9), clean(c10), clean(c11), clean(c12), clean(c13), clean(c14), clean(c15), clean(c16), NULL), NULL, NULL, NULL, name_of(c1), name_of(c2), name_of(c3), NULL, TRY_CAST(value_of(c15) AS DATE), TRY_CAST(value_of(c16) AS DATE), NULL, coalesce(word_age.meaning, fold(c4)), name_of(c5), word_gender.meaning, NULL, NULL, NULL, NULL, tally(c7, '.'), tally(c6, '.'), NULL, tally(c10, '.'), NULL, amount(c11, '.'), 'EUR', false
FROM cells_6
LEFT JOIN words word_age ON word_age.exhibit = 6 AND word_age.kind = 'age' AND word_age.word = clean(c4)
LEFT JOIN words word_gender ON word_gender.exhibit = 6 AND word_gender.kind = 'gender' AND word_gender.word = clean(c5)
WHERE n > (SELECT min(n) FROM cells_6 WHERE clean(c1) = 'Campaign name' AND clean(c2) = 'Ad set name' AND clean(c3) = 'Ad name' AND clean(c4) = 'Age' AND clean(c5) = 'Gender' AND clean(c6) = 'Reach' AND clean(c7) = 'Impressions' AND clean(c10) = 'Results' AND clean(c11) = 'Amount spent (EUR)' AND clean(c15) = 'Reporting starts' AND clean(c16) = 'Reporting ends');

-- EX-007: evidence/EX-007_newsroom_2024-11-18_0900.csv, meta-ads-manager.
CREATE OR REPLACE TEMP TABLE cells_7 AS
SELECT row_number() OVER () AS n, * FROM read_csv('evidence/EX-007_newsroom_2024-11-18_0900.csv', auto_detect = false, header = false, delim = ',', quote = '"', escape = '"',
  encoding = 'utf-8', null_padding = true, parallel = false, max_line_size = 67108864,
  columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR', 'c7': 'VARCHAR', 'c8': 'VARCHAR', 'c9': 'VARCHAR', 'c10': 'VARCHAR', 'c11': 'VARCHAR', 'c12': 'VARCHAR', 'c13': 'VARCHAR', 'c14': 'VARCHAR', 'c15': 'VARCHAR', 'c16': 'VARCHAR'});
-- c1 Campaign name = campaign
-- c2 Ad set name = ad_set
-- c3 Ad name = ad
-- c4 Age = age
-- c5 Gender = gender
-- c6 Reach = reach
-- c7 Impressions = impressions
-- c10 Results = results
-- c11 Amount spent (EUR) = spend
-- c15 Reporting starts = period_start
-- c16 Reporting ends = period_end
INSERT INTO delivery_rows
SELECT 7, n, coalesce(clean(c1), clean(c2), clean(c3), clean(c4), clean(c5), clean(c6), clean(c7), clean(c8), clean(c9), clean(c10), clean(c11), clean(c12), clean(c13), clean(c14), clean(c15), clean(c16), NULL), NULL, NULL, NULL, name_of(c1), name_of(c2), name_of(c3), NULL, TRY_CAST(value_of(c15) AS DATE), TRY_CAST(value_of(c16) AS DATE), NULL, coalesce(word_age.meaning, fold(c4)), name_of(c5), word_gender.meaning, NULL, NULL, NULL, NULL, tally(c7, '.'), tally(c6, '.'), NULL, tally(c10, '.'), NULL, amount(c11, '.'), 'EUR', false
FROM cells_7
LEFT JOIN words word_age ON word_age.exhibit = 7 AND word_age.kind = 'age' AND word_age.word = clean(c4)
LEFT JOIN words word_gender ON word_gender.exhibit = 7 AND word_gender.kind = 'gender' AND word_gender.word = clean(c5)
WHERE n > (SELECT min(n) FROM cells_7 WHERE clean(c1) = 'Campaign name' AND clean(c2) = 'Ad set name' AND clean(c3) = 'Ad name' AND clean(c4) = 'Age' AND clean(c5) = 'Gender' AND clean(c6) = 'Reach' AND clean(c7) = 'Impressions' AND clean(c10) = 'Results' AND clean(c11) = 'Amount spent (EUR)' AND clean(c15) = 'Reporting starts' AND clean(c16) = 'Reporting ends');

-- EX-008: evidence/EX-008_shop_2024-11-05_0900.csv, meta-ads-manager.
CREATE OR REPLACE TEMP TABLE cells_8 AS
SELECT row_number() OVER () AS n, * FROM read_csv('evidence/EX-008_shop_2024-11-05_0900.csv', auto_detect = false, header = false, delim = ',', quote = '"', escape = '"',
  encoding = 'utf-8', null_padding = true, parallel = false, max_line_size = 67108864,
  columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR', 'c7': 'VARCHAR', 'c8': 'VARCHAR', 'c9': 'VARCHAR', 'c10': 'VARCHAR', 'c11': 'VARCHAR', 'c12': 'VARCHAR', 'c13': 'VARCHAR', 'c14': 'VARCHAR', 'c15': 'VARCHAR', 'c16': 'VARCHAR'});
-- c1 Campaign name = campaign
-- c2 Ad set name = ad_set
-- c3 Ad name = ad
-- c4 Age = age
-- c5 Gender = gender
-- c6 Reach = reach
-- c7 Impressions = impressions
-- c10 Results = results
-- c11 Amount spent (EUR) = spend
-- c15 Reporting starts = period_start
-- c16 Reporting ends = period_end
INSERT INTO delivery_rows
SELECT 8, n, coalesce(clean(c1), clean(c2), clean(c3), clean(c4), clean(c5), clean(c6), clean(c7), clean(c8), clean(c9), clean(c10), clean(c11), clean(c12), clean(c13), clean(c14), clean(c15), clean(c16), NULL), NULL, NULL, NULL, name_of(c1), name_of(c2), name_of(c3), NULL, TRY_CAST(value_of(c15) AS DATE), TRY_CAST(value_of(c16) AS DATE), NULL, coalesce(word_age.meaning, fold(c4)), name_of(c5), word_gender.meaning, NULL, NULL, NULL, NULL, tally(c7, '.'), tally(c6, '.'), NULL, tally(c10, '.'), NULL, amount(c11, '.'), 'EUR', false
FROM cells_8
LEFT JOIN words word_age ON word_age.exhibit = 8 AND word_age.kind = 'age' AND word_age.word = clean(c4)
LEFT JOIN words word_gender ON word_gender.exhibit = 8 AND word_gender.kind = 'gender' AND word_gender.word = clean(c5)
WHERE n > (SELECT min(n) FROM cells_8 WHERE clean(c1) = 'Campaign name' AND clean(c2) = 'Ad set name' AND clean(c3) = 'Ad name' AND clean(c4) = 'Age' AND clean(c5) = 'Gender' AND clean(c6) = 'Reach' AND clean(c7) = 'Impressions' AND clean(c10) = 'Results' AND clean(c11) = 'Amount spent (EUR)' AND clean(c15) = 'Reporting starts' AND clean(c16) = 'Reporting ends');

-- EX-009: evidence/EX-009_shop_2024-11-08_0900.csv, meta-ads-manager.
CREATE OR REPLACE TEMP TABLE cells_9 AS
SELECT row_number() OVER () AS n, * FROM read_csv('evidence/EX-009_shop_2024-11-08_0900.csv', auto_detect = false, header = false, delim = ',', quote = '"', escape = '"',
  encoding = 'utf-8', null_padding = true, parallel = false, max_line_size = 67108864,
  columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR', 'c7': 'VARCHAR', 'c8': 'VARCHAR', 'c9': 'VARCHAR', 'c10': 'VARCHAR', 'c11': 'VARCHAR', 'c12': 'VARCHAR', 'c13': 'VARCHAR', 'c14': 'VARCHAR', 'c15': 'VARCHAR', 'c16': 'VARCHAR'});
-- c1 Campaign name = campaign
-- c2 Ad set name = ad_set
-- c3 Ad name = ad
-- c4 Age = age
-- c5 Gender = gender
-- c6 Reach = reach
-- c7 Impressions = impressions
-- c10 Results = results
-- c11 Amount spent (EUR) = spend
-- c15 Reporting starts = period_start
-- c16 Reporting ends = period_end
INSERT INTO delivery_rows
SELECT 9, n, coalesce(clean(c1), clean(c2), clean(c3), clean(c4), clean(c5), clean(c6), clean(c7), clean(c8), clean(c9), clean(c10), clean(c11), clean(c12), clean(c13), clean(c14), clean(c15), clean(c16), NULL), NULL, NULL, NULL, name_of(c1), name_of(c2), name_of(c3), NULL, TRY_CAST(value_of(c15) AS DATE), TRY_CAST(value_of(c16) AS DATE), NULL, coalesce(word_age.meaning, fold(c4)), name_of(c5), word_gender.meaning, NULL, NULL, NULL, NULL, tally(c7, '.'), tally(c6, '.'), NULL, tally(c10, '.'), NULL, amount(c11, '.'), 'EUR', false
FROM cells_9
LEFT JOIN words word_age ON word_age.exhibit = 9 AND word_age.kind = 'age' AND word_age.word = clean(c4)
LEFT JOIN words word_gender ON word_gender.exhibit = 9 AND word_gender.kind = 'gender' AND word_gender.word = clean(c5)
WHERE n > (SELECT min(n) FROM cells_9 WHERE clean(c1) = 'Campaign name' AND clean(c2) = 'Ad set name' AND clean(c3) = 'Ad name' AND clean(c4) = 'Age' AND clean(c5) = 'Gender' AND clean(c6) = 'Reach' AND clean(c7) = 'Impressions' AND clean(c10) = 'Results' AND clean(c11) = 'Amount spent (EUR)' AND clean(c15) = 'Reporting starts' AND clean(c16) = 'Reporting ends');

-- EX-010: evidence/EX-010_shop_2024-11-12_0900.csv, meta-ads-manager.
CREATE OR REPLACE TEMP TABLE cells_10 AS
SELECT row_number() OVER () AS n, * FROM read_csv('evidence/EX-010_shop_2024-11-12_0900.csv', auto_detect = false, header = false, delim = ',', quote = '"', escape = '"',
  encoding = 'utf-8', null_padding = true, parallel = false, max_line_size = 67108864,
  columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR', 'c7': 'VARCHAR', 'c8': 'VARCHAR', 'c9': 'VARCHAR', 'c10': 'VARCHAR', 'c11': 'VARCHAR', 'c12': 'VARCHAR', 'c13': 'VARCHAR', 'c14': 'VARCHAR', 'c15': 'VARCHAR', 'c16': 'VARCHAR'});
-- c1 Campaign name = campaign
-- c2 Ad set name = ad_set
-- c3 Ad name = ad
-- c4 Age = age
-- c5 Gender = gender
-- c6 Reach = reach
-- c7 Impressions = impressions
-- c10 Results = results
-- c11 Amount spent (EUR) = spend
-- c15 Reporting starts = period_start
-- c16 Reporting ends = period_end
INSERT INTO delivery_rows
SELECT 10, n, coalesce(clean(c1), clean(c2), clean(c3), clean(c4), clean(c5), clean(c6), clean(c7), clean(c8), clean(c9), clean(c10), clean(c11), clean(c12), clean(c13), clean(c14), clean(c15), clean(c16), NULL), NULL, NULL, NULL, name_of(c1), name_of(c2), name_of(c3), NULL, TRY_CAST(value_of(c15) AS DATE), TRY_CAST(value_of(c16) AS DATE), NULL, coalesce(word_age.meaning, fold(c4)), name_of(c5), word_gender.meaning, NULL, NULL, NULL, NULL, tally(c7, '.'), tally(c6, '.'), NULL, tally(c10, '.'), NULL, amount(c11, '.'), 'EUR', false
FROM cells_10
LEFT JOIN words word_age ON word_age.exhibit = 10 AND word_age.kind = 'age' AND word_age.word = clean(c4)
LEFT JOIN words word_gender ON word_gender.exhibit = 10 AND word_gender.kind = 'gender' AND word_gender.word = clean(c5)
WHERE n > (SELECT min(n) FROM cells_10 WHERE clean(c1) = 'Campaign name' AND clean(c2) = 'Ad set name' AND clean(c3) = 'Ad name' AND clean(c4) = 'Age' AND clean(c5) = 'Gender' AND clean(c6) = 'Reach' AND clean(c7) = 'Impressions' AND clean(c10) = 'Results' AND clean(c11) = 'Amount spent (EUR)' AND clean(c15) = 'Reporting starts' AND clean(c16) = 'Reporting ends');

-- EX-011: evidence/EX-011_shop_2024-11-18_0900.csv, meta-ads-manager.
CREATE OR REPLACE TEMP TABLE cells_11 AS
SELECT row_number() OVER () AS n, * FROM read_csv('evidence/EX-011_shop_2024-11-18_0900.csv', auto_detect = false, header = false, delim = ',', quote = '"', escape = '"',
  encoding = 'utf-8', null_padding = true, parallel = false, max_line_size = 67108864,
  columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR', 'c7': 'VARCHAR', 'c8': 'VARCHAR', 'c9': 'VARCHAR', 'c10': 'VARCHAR', 'c11': 'VARCHAR', 'c12': 'VARCHAR', 'c13': 'VARCHAR', 'c14': 'VARCHAR', 'c15': 'VARCHAR', 'c16': 'VARCHAR'});
-- c1 Campaign name = campaign
-- c2 Ad set name = ad_set
-- c3 Ad name = ad
-- c4 Age = age
-- c5 Gender = gender
-- c6 Reach = reach
-- c7 Impressions = impressions
-- c10 Results = results
-- c11 Amount spent (EUR) = spend
-- c15 Reporting starts = period_start
-- c16 Reporting ends = period_end
INSERT INTO delivery_rows
SELECT 11, n, coalesce(clean(c1), clean(c2), clean(c3), clean(c4), clean(c5), clean(c6), clean(c7), clean(c8), clean(c9), clean(c10), clean(c11), clean(c12), clean(c13), clean(c14), clean(c15), clean(c16), NULL), NULL, NULL, NULL, name_of(c1), name_of(c2), name_of(c3), NULL, TRY_CAST(value_of(c15) AS DATE), TRY_CAST(value_of(c16) AS DATE), NULL, coalesce(word_age.meaning, fold(c4)), name_of(c5), word_gender.meaning, NULL, NULL, NULL, NULL, tally(c7, '.'), tally(c6, '.'), NULL, tally(c10, '.'), NULL, amount(c11, '.'), 'EUR', false
FROM cells_11
LEFT JOIN words word_age ON word_age.exhibit = 11 AND word_age.kind = 'age' AND word_age.word = clean(c4)
LEFT JOIN words word_gender ON word_gender.exhibit = 11 AND word_gender.kind = 'gender' AND word_gender.word = clean(c5)
WHERE n > (SELECT min(n) FROM cells_11 WHERE clean(c1) = 'Campaign name' AND clean(c2) = 'Ad set name' AND clean(c3) = 'Ad name' AND clean(c4) = 'Age' AND clean(c5) = 'Gender' AND clean(c6) = 'Reach' AND clean(c7) = 'Impressions' AND clean(c10) = 'Results' AND clean(c11) = 'Amount spent (EUR)' AND clean(c15) = 'Reporting starts' AND clean(c16) = 'Reporting ends');

-- EX-012: evidence/EX-012_shop_region_2024-11-18_0900.csv, meta-ads-manager.
CREATE OR REPLACE TEMP TABLE cells_12 AS
SELECT row_number() OVER () AS n, * FROM read_csv('evidence/EX-012_shop_region_2024-11-18_0900.csv', auto_detect = false, header = false, delim = ',', quote = '"', escape = '"',
  encoding = 'utf-8', null_padding = true, parallel = false, max_line_size = 67108864,
  columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR', 'c7': 'VARCHAR', 'c8': 'VARCHAR', 'c9': 'VARCHAR', 'c10': 'VARCHAR', 'c11': 'VARCHAR', 'c12': 'VARCHAR', 'c13': 'VARCHAR', 'c14': 'VARCHAR', 'c15': 'VARCHAR'});
-- c1 Campaign name = campaign
-- c2 Ad set name = ad_set
-- c3 Ad name = ad
-- c4 Region = region
-- c5 Reach = reach
-- c6 Impressions = impressions
-- c9 Results = results
-- c10 Amount spent (EUR) = spend
-- c14 Reporting starts = period_start
-- c15 Reporting ends = period_end
INSERT INTO delivery_rows
SELECT 12, n, coalesce(clean(c1), clean(c2), clean(c3), clean(c4), clean(c5), clean(c6), clean(c7), clean(c8), clean(c9), clean(c10), clean(c11), clean(c12), clean(c13), clean(c14), clean(c15), NULL), NULL, NULL, NULL, name_of(c1), name_of(c2), name_of(c3), NULL, TRY_CAST(value_of(c14) AS DATE), TRY_CAST(value_of(c15) AS DATE), NULL, NULL, NULL, NULL, name_of(c4), NULL, NULL, NULL, tally(c6, '.'), tally(c5, '.'), NULL, tally(c9, '.'), NULL, amount(c10, '.'), 'EUR', false
FROM cells_12
WHERE n > (SELECT min(n) FROM cells_12 WHERE clean(c1) = 'Campaign name' AND clean(c2) = 'Ad set name' AND clean(c3) = 'Ad name' AND clean(c4) = 'Region' AND clean(c5) = 'Reach' AND clean(c6) = 'Impressions' AND clean(c9) = 'Results' AND clean(c10) = 'Amount spent (EUR)' AND clean(c14) = 'Reporting starts' AND clean(c15) = 'Reporting ends');

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

-- ---------------------------------------------------------------------------------------------
-- Contacts, where the raw log is withheld: from the tables that this edition publishes. What they give
-- is compared with statistics.json, which shows that the edition agrees with itself and no more.
-- ---------------------------------------------------------------------------------------------


CREATE OR REPLACE TEMP TABLE published_contacts (path VARCHAR, contacts BIGINT, people BIGINT);
CREATE OR REPLACE TEMP TABLE published_arms AS
SELECT clean(c1) AS label, TRY_CAST(clean(c2) AS BIGINT) AS contacts, TRY_CAST(clean(c3) AS BIGINT) AS people
FROM read_csv('tables/table-contact-rates.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', encoding = 'utf-8', null_padding = true,
  parallel = false, columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR', 'c7': 'VARCHAR', 'c8': 'VARCHAR', 'c9': 'VARCHAR'});
INSERT INTO published_contacts SELECT 'category=' || clean(c2), TRY_CAST(clean(c3) AS BIGINT), TRY_CAST(clean(c4) AS BIGINT)
FROM read_csv('tables/table-categories.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', encoding = 'utf-8', null_padding = true,
  parallel = false, columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR', 'c7': 'VARCHAR', 'c8': 'VARCHAR'});
INSERT INTO published_contacts SELECT 'arm=child' || ',category=' || clean(c2), TRY_CAST(clean(c5) AS BIGINT), NULL
FROM read_csv('tables/table-categories.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', encoding = 'utf-8', null_padding = true,
  parallel = false, columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR', 'c7': 'VARCHAR', 'c8': 'VARCHAR'});
INSERT INTO published_contacts SELECT 'arm=item' || ',category=' || clean(c2), TRY_CAST(clean(c6) AS BIGINT), NULL
FROM read_csv('tables/table-categories.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', encoding = 'utf-8', null_padding = true,
  parallel = false, columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR', 'c7': 'VARCHAR', 'c8': 'VARCHAR'});
INSERT INTO published_contacts SELECT 'arm=covered' || ',category=' || clean(c2), TRY_CAST(clean(c7) AS BIGINT), NULL
FROM read_csv('tables/table-categories.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', encoding = 'utf-8', null_padding = true,
  parallel = false, columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR', 'c7': 'VARCHAR', 'c8': 'VARCHAR'});
INSERT INTO published_contacts SELECT 'channel=' || clean(c1), TRY_CAST(clean(c2) AS BIGINT), TRY_CAST(clean(c3) AS BIGINT)
FROM read_csv('tables/table-channels.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', encoding = 'utf-8', null_padding = true,
  parallel = false, columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR'});
INSERT INTO published_contacts SELECT 'arm=child' || ',channel=' || clean(c1), TRY_CAST(clean(c4) AS BIGINT), NULL
FROM read_csv('tables/table-channels.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', encoding = 'utf-8', null_padding = true,
  parallel = false, columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR'});
INSERT INTO published_contacts SELECT 'arm=item' || ',channel=' || clean(c1), TRY_CAST(clean(c5) AS BIGINT), NULL
FROM read_csv('tables/table-channels.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', encoding = 'utf-8', null_padding = true,
  parallel = false, columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR'});
INSERT INTO published_contacts SELECT 'arm=covered' || ',channel=' || clean(c1), TRY_CAST(clean(c6) AS BIGINT), NULL
FROM read_csv('tables/table-channels.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', encoding = 'utf-8', null_padding = true,
  parallel = false, columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR'});
INSERT INTO published_contacts SELECT 'people', NULL, count(*) FROM read_csv('tables/table-people.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', encoding = 'utf-8', null_padding = true,
  parallel = false, columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR'});

CREATE OR REPLACE TEMP TABLE contacts_of_arms AS
SELECT a.arm, p.contacts, p.people, 0 AS unlogged, false AS by_person FROM arm_state a JOIN published_arms p ON p.label = a.label
WHERE p.contacts IS NOT NULL QUALIFY count(*) OVER (PARTITION BY a.label) = 1;
CREATE OR REPLACE TEMP TABLE contacts_of_ads AS SELECT arm, ad_number, NULL::BIGINT AS contacts FROM per_ad WHERE false;
INSERT INTO published_contacts SELECT 'arm=' || arm, contacts, people FROM contacts_of_arms;
INSERT INTO recomputed
WITH sums AS (SELECT sum(contacts)::BIGINT AS contacts FROM published_arms),
paths AS (SELECT 'contacts/' || path AS path, contacts, people FROM published_contacts WHERE path <> 'people'
  UNION ALL SELECT 'contacts/all', (SELECT contacts FROM sums), (SELECT any_value(people) FROM published_contacts WHERE path = 'people'))
SELECT path || '/' || v.name, v.k, v.n, v.value, NULL, NULL, false, 'published' FROM paths, sums s, LATERAL (VALUES
  ('count', NULL, paths.contacts, paths.contacts::DOUBLE), ('people', NULL, people, people::DOUBLE),
  ('share_of_all', paths.contacts, s.contacts, over(paths.contacts, s.contacts))) AS v(name, k, n, value)
WHERE v.value IS NOT NULL;

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

-- The raw log of accounts is withheld: the published table has a row for each.
INSERT INTO account_rows
SELECT 0, row_number() OVER (), 'account', 9, 9, clean(c1), value_of(c2), TRY_CAST(value_of(c3) AS DATE), NULL, value_of(c4), TRY_CAST(value_of(c5) AS DATE), TRY_CAST(value_of(c6) AS DATE), TRY_CAST(value_of(c7) AS DATE)
FROM read_csv('tables/table-accounts.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', encoding = 'utf-8', null_padding = true,
  parallel = false, columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR', 'c7': 'VARCHAR', 'c8': 'VARCHAR', 'c9': 'VARCHAR'});

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

-- The raw log of feeds is withheld: the published table has a row for each test account.
CREATE OR REPLACE TEMP TABLE served (number BIGINT, session_number BIGINT, code VARCHAR, items BIGINT, coded BIGINT, k BIGINT);
INSERT INTO served SELECT TRY_CAST(regexp_extract(c1, '[0-9]+$') AS BIGINT), NULL, NULL, TRY_CAST(clean(c3) AS BIGINT), TRY_CAST(clean(c4) AS BIGINT), round(TRY_CAST(clean(c5) AS DOUBLE) * TRY_CAST(clean(c4) AS BIGINT))::BIGINT FROM read_csv('tables/table-feeds.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', encoding = 'utf-8', null_padding = true,
  parallel = false, columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR', 'c7': 'VARCHAR', 'c8': 'VARCHAR', 'c9': 'VARCHAR'});
INSERT INTO served SELECT TRY_CAST(regexp_extract(c1, '[0-9]+$') AS BIGINT), NULL, 'ADULT_CONTENT_CREATOR', TRY_CAST(clean(c3) AS BIGINT), TRY_CAST(clean(c4) AS BIGINT), TRY_CAST(clean(c7) AS BIGINT) FROM read_csv('tables/table-feeds.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', encoding = 'utf-8', null_padding = true,
  parallel = false, columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR', 'c7': 'VARCHAR', 'c8': 'VARCHAR', 'c9': 'VARCHAR'});
INSERT INTO served SELECT TRY_CAST(regexp_extract(c1, '[0-9]+$') AS BIGINT), NULL, 'CHILD_CONTENT', TRY_CAST(clean(c3) AS BIGINT), TRY_CAST(clean(c4) AS BIGINT), TRY_CAST(clean(c8) AS BIGINT) FROM read_csv('tables/table-feeds.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', encoding = 'utf-8', null_padding = true,
  parallel = false, columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR', 'c7': 'VARCHAR', 'c8': 'VARCHAR', 'c9': 'VARCHAR'});
INSERT INTO served SELECT TRY_CAST(regexp_extract(c1, '[0-9]+$') AS BIGINT), NULL, 'OTHER', TRY_CAST(clean(c3) AS BIGINT), TRY_CAST(clean(c4) AS BIGINT), TRY_CAST(clean(c9) AS BIGINT) FROM read_csv('tables/table-feeds.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', encoding = 'utf-8', null_padding = true,
  parallel = false, columns = {'c1': 'VARCHAR', 'c2': 'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': 'VARCHAR', 'c7': 'VARCHAR', 'c8': 'VARCHAR', 'c9': 'VARCHAR'});

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
