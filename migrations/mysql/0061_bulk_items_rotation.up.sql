-- The rotation that a secret of a bulk operation was led to.
ALTER TABLE bulk_items
    ADD COLUMN rotation_id BIGINT NULL,
    ADD INDEX bulk_items_rotation_id_idx (rotation_id),
    ADD CONSTRAINT bulk_items_rotation_id_fkey FOREIGN KEY (rotation_id) REFERENCES rotations (id) ON DELETE CASCADE;
