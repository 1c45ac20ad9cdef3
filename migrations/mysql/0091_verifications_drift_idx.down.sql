-- Undoes 0091_verifications_drift_idx.
DROP INDEX verifications_drift_idx ON verifications;
