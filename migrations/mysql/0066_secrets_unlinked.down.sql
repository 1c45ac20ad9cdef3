-- Each backend of the environment has every secret.
ALTER TABLE secrets DROP COLUMN aws_unlinked, DROP COLUMN vault_unlinked;
