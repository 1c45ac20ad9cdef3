-- Many secrets may also be rotated in one go.
ALTER TABLE bulk_operations DROP CONSTRAINT bulk_operations_kind_check, ADD CONSTRAINT bulk_operations_kind_check CHECK (kind IN ('tag', 'sync', 'switch_off', 'rotate'));
