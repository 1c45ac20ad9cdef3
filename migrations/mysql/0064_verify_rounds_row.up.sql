-- The only row. Without a time the first process to look plans the first night.
INSERT INTO verify_rounds (id, after_secret_id, next_at, created_at, updated_at) VALUES (1, 0, NULL, '1970-01-01 00:00:00.000000', '1970-01-01 00:00:00.000000');
