-- The only row: both are open until somebody decides otherwise.
INSERT INTO sign_in_policy (id, sso_only, created_at, updated_at) VALUES (1, 0, '1970-01-01T00:00:00.000000Z', '1970-01-01T00:00:00.000000Z');
