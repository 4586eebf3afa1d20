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
