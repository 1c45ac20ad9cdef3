-- Vault: an AppRole to sign in with, and who vouches for the server. AWS: a role to take on, and what a new secret is made with.
ALTER TABLE environments ADD COLUMN vault_role_id VARCHAR(255) NOT NULL DEFAULT '' CONSTRAINT environments_vault_role_id_check CHECK (length(vault_role_id) <= 255);
ALTER TABLE environments ADD COLUMN vault_auth_mount VARCHAR(255) NOT NULL DEFAULT '' CONSTRAINT environments_vault_auth_mount_check CHECK (length(vault_auth_mount) <= 255);
ALTER TABLE environments ADD COLUMN vault_authority TEXT NOT NULL DEFAULT '';
ALTER TABLE environments ADD COLUMN aws_role_arn VARCHAR(2048) NOT NULL DEFAULT '' CONSTRAINT environments_aws_role_arn_check CHECK (length(aws_role_arn) <= 2048);
ALTER TABLE environments ADD COLUMN aws_external_id VARCHAR(1224) NOT NULL DEFAULT '' CONSTRAINT environments_aws_external_id_check CHECK (length(aws_external_id) <= 1224);
ALTER TABLE environments ADD COLUMN aws_kms_key VARCHAR(2048) NOT NULL DEFAULT '' CONSTRAINT environments_aws_kms_key_check CHECK (length(aws_kms_key) <= 2048);
ALTER TABLE environments ADD COLUMN aws_tags TEXT NOT NULL DEFAULT '';
