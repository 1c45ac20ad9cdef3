-- The only row: both are open until somebody decides otherwise.
INSERT INTO sign_in_policy (id, sso_only, created_at, updated_at) VALUES (1, 0, '1970-01-01 00:00:00.000000', '1970-01-01 00:00:00.000000');
