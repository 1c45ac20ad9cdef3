-- A token, the machine's authorities, the credentials themselves, and AWS's own key.
ALTER TABLE environments
    DROP COLUMN vault_role_id,
    DROP COLUMN vault_auth_mount,
    DROP COLUMN vault_authority,
    DROP COLUMN aws_role_arn,
    DROP COLUMN aws_external_id,
    DROP COLUMN aws_kms_key,
    DROP COLUMN aws_tags;
