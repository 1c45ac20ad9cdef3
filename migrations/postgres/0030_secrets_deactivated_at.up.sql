-- Since when a secret has been deactivated: what may be purged follows from it.
ALTER TABLE secrets ADD COLUMN deactivated_at TIMESTAMPTZ;
