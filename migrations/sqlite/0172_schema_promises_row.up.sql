-- The only row: the first release, which nothing older runs beside.
INSERT INTO schema_promises (id, oldest_version, created_at, updated_at) VALUES (1, 172, '1970-01-01T00:00:00.000000Z', '1970-01-01T00:00:00.000000Z');
