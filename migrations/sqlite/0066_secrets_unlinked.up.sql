-- Which backends a secret is kept out of, by somebody's decision: Keeper leaves alone what is there.
ALTER TABLE secrets ADD COLUMN aws_unlinked BOOLEAN NOT NULL DEFAULT 0;
ALTER TABLE secrets ADD COLUMN vault_unlinked BOOLEAN NOT NULL DEFAULT 0;
