-- The kinds that were known before: what was rotated in one go is forgotten as an operation, and stays as rotations.
DELETE FROM bulk_operations WHERE kind = 'rotate';
ALTER TABLE bulk_operations DROP CONSTRAINT bulk_operations_kind_check, ADD CONSTRAINT bulk_operations_kind_check CHECK (kind IN ('tag', 'sync', 'switch_off'));
