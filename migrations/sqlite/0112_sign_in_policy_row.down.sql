-- The only row.
DELETE FROM sign_in_policy WHERE id = 1;
