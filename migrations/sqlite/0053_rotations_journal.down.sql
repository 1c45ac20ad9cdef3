-- What is on its way is told by its steps alone.
DROP INDEX rotations_run_at_idx;
ALTER TABLE rotations DROP COLUMN is_undoing;
ALTER TABLE rotations DROP COLUMN attempts;
ALTER TABLE rotations DROP COLUMN lease_token;
ALTER TABLE rotations DROP COLUMN lease_until;
ALTER TABLE rotations DROP COLUMN run_at;
