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
