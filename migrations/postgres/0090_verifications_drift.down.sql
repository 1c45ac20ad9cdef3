-- Undoes 0090_verifications_drift.
ALTER TABLE verifications DROP COLUMN environment_id, DROP COLUMN is_drift;
