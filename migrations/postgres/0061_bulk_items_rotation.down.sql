-- What became of a secret is told in words alone.
ALTER TABLE bulk_items DROP COLUMN rotation_id;
