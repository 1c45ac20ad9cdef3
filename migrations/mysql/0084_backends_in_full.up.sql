-- Vault: an AppRole to sign in with, and who vouches for the server. AWS: a role to take on, and what a new secret is made with.
ALTER TABLE environments
    ADD COLUMN vault_role_id VARCHAR(255) NOT NULL DEFAULT '',
    ADD COLUMN vault_auth_mount VARCHAR(255) NOT NULL DEFAULT '',
    ADD COLUMN vault_authority TEXT NOT NULL DEFAULT (''),
    ADD COLUMN aws_role_arn VARCHAR(2048) NOT NULL DEFAULT '',
    ADD COLUMN aws_external_id VARCHAR(1224) NOT NULL DEFAULT '',
    ADD COLUMN aws_kms_key VARCHAR(2048) NOT NULL DEFAULT '',
    ADD COLUMN aws_tags TEXT NOT NULL DEFAULT ('');
