-- The list of what differs walks along it.
CREATE INDEX verifications_drift_idx ON verifications (environment_id, is_drift, secret_id, place);
