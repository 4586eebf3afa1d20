-- ---------------------------------------------------------------------------------------------
-- Contacts, where the raw log is withheld: from the tables that this edition publishes. What they give
-- is compared with statistics.json, which shows that the edition agrees with itself and no more.
-- ---------------------------------------------------------------------------------------------

