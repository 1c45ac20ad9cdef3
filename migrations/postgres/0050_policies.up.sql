-- What a secret's values are made of; empty: what fits its type. With a version, the half of a key pair that is no secret.
ALTER TABLE secrets ADD COLUMN policy VARCHAR(160) COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE secret_versions ADD COLUMN public_half TEXT COLLATE "C";
