-- A rotation that touches more than Keeper goes on step by step: when the worker looks at it next, whose it is meanwhile, how often it
-- was tried, and whether it goes forward or back.
ALTER TABLE rotations ADD COLUMN run_at TEXT CONSTRAINT rotations_run_at_check CHECK (run_at GLOB '????-??-??T??:??:??.??????Z');
ALTER TABLE rotations ADD COLUMN lease_until TEXT CONSTRAINT rotations_lease_until_check CHECK (lease_until GLOB '????-??-??T??:??:??.??????Z');
ALTER TABLE rotations ADD COLUMN lease_token BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rotations ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rotations ADD COLUMN is_undoing BOOLEAN NOT NULL DEFAULT 0;
CREATE INDEX rotations_run_at_idx ON rotations (run_at, id);
