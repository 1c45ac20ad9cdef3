-- A rotation that touches more than Keeper goes on step by step: when the worker looks at it next, whose it is meanwhile, how often it
-- was tried, and whether it goes forward or back.
ALTER TABLE rotations
    ADD COLUMN run_at TIMESTAMPTZ,
    ADD COLUMN lease_until TIMESTAMPTZ,
    ADD COLUMN lease_token BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN is_undoing BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX rotations_run_at_idx ON rotations (run_at, id);
