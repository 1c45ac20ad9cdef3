-- Each backend of the environment has every secret.
ALTER TABLE secrets DROP COLUMN aws_unlinked;
ALTER TABLE secrets DROP COLUMN vault_unlinked;
