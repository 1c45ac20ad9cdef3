-- What is on its way is told by its steps alone.
ALTER TABLE rotations DROP INDEX rotations_run_at_idx, DROP COLUMN run_at, DROP COLUMN lease_until, DROP COLUMN lease_token, DROP COLUMN attempts, DROP COLUMN is_undoing;
