-- The only row.
DELETE FROM verify_rounds WHERE id = 1;
