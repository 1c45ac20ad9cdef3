-- Undoes 0050_policies.
ALTER TABLE secret_versions DROP COLUMN public_half;
ALTER TABLE secrets DROP COLUMN policy;
