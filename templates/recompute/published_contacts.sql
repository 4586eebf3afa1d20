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
