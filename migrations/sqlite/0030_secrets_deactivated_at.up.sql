-- Since when a secret has been deactivated: what may be purged follows from it.
ALTER TABLE secrets ADD COLUMN deactivated_at TEXT CONSTRAINT secrets_deactivated_at_check CHECK (deactivated_at GLOB '????-??-??T??:??:??.??????Z');
