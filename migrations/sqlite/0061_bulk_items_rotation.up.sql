-- The rotation that a secret of a bulk operation was led to.
ALTER TABLE bulk_items ADD COLUMN rotation_id BIGINT CONSTRAINT bulk_items_rotation_id_fkey REFERENCES rotations (id) ON DELETE CASCADE;
CREATE INDEX bulk_items_rotation_id_idx ON bulk_items (rotation_id);
