-- A token, the machine's authorities, the credentials themselves, and AWS's own key.
ALTER TABLE environments DROP COLUMN vault_role_id;
ALTER TABLE environments DROP COLUMN vault_auth_mount;
ALTER TABLE environments DROP COLUMN vault_authority;
ALTER TABLE environments DROP COLUMN aws_role_arn;
ALTER TABLE environments DROP COLUMN aws_external_id;
ALTER TABLE environments DROP COLUMN aws_kms_key;
ALTER TABLE environments DROP COLUMN aws_tags;
