-- A night begins anew.
ALTER TABLE verify_rounds ADD COLUMN after_secret_id BIGINT NOT NULL DEFAULT 0;
