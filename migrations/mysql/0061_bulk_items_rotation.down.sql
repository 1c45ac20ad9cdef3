-- What became of a secret is told in words alone.
ALTER TABLE bulk_items DROP FOREIGN KEY bulk_items_rotation_id_fkey, DROP INDEX bulk_items_rotation_id_idx, DROP COLUMN rotation_id;
