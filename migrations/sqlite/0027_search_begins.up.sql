-- The row that filing holds, and a slip for each secret that is there already.
INSERT INTO search_grams (gram, shelves, created_at, updated_at) VALUES ('', X'', '1970-01-01T00:00:00.000000Z', '1970-01-01T00:00:00.000000Z');
INSERT INTO search_slips (secret_id, environment_id, name, created_at, updated_at) SELECT id, environment_id, name, updated_at, updated_at FROM secrets;
