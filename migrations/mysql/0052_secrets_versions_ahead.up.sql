-- How many numbers above the current version are taken: by one on its way, and by those that were given up.
ALTER TABLE secrets ADD COLUMN versions_ahead BIGINT NOT NULL DEFAULT 0;
