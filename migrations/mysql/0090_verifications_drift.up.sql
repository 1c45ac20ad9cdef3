-- What differs is listed by environment, without a look at what does not. What was found before is found again the next night.
ALTER TABLE verifications ADD COLUMN environment_id BIGINT NOT NULL DEFAULT 0, ADD COLUMN is_drift BOOLEAN NOT NULL DEFAULT FALSE;
