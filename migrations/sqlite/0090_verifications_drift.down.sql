-- Undoes 0090_verifications_drift.
ALTER TABLE verifications DROP COLUMN environment_id;
ALTER TABLE verifications DROP COLUMN is_drift;
