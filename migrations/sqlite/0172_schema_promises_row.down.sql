-- The only row.
DELETE FROM schema_promises WHERE id = 1;
