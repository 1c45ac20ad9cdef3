-- A secret's metadata, its rotation plan and the status of its copies; its values are in secret_versions.
CREATE TABLE secrets (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uid CHAR(32) NOT NULL,
    name VARCHAR(255) NOT NULL,
    display_name VARCHAR(255) NOT NULL,
    description TEXT NOT NULL,
    secret_type VARCHAR(32) NOT NULL,
    secrecy_level VARCHAR(16) NOT NULL,
    service_name VARCHAR(255) NOT NULL,
    environment_id BIGINT NOT NULL,
    creator_id BIGINT,
    aws_sync_status VARCHAR(16) NOT NULL,
    vault_sync_status VARCHAR(16) NOT NULL,
    sync_status VARCHAR(16) NOT NULL,
    aws_secret_arn VARCHAR(512),
    vault_path VARCHAR(512),
    expires_at TEXT,
    auto_rotate BOOLEAN NOT NULL,
    rotation_interval_days BIGINT,
    last_rotated_at TEXT,
    next_rotation_at TEXT,
    tags TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    current_version BIGINT NOT NULL,
    row_version BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT secrets_uid_check CHECK (length(uid) = 32),
    CONSTRAINT secrets_name_check CHECK (length(name) <= 255),
    CONSTRAINT secrets_display_name_check CHECK (length(display_name) <= 255),
    CONSTRAINT secrets_secret_type_check CHECK (secret_type IN ('password', 'api_key', 'token', 'database_credential', 'certificate', 'ssh_key', 'encryption_key', 'oauth_client', 'generic')),
    CONSTRAINT secrets_secrecy_level_check CHECK (secrecy_level IN ('internal', 'confidential', 'restricted')),
    CONSTRAINT secrets_service_name_check CHECK (length(service_name) <= 255),
    CONSTRAINT secrets_aws_sync_status_check CHECK (aws_sync_status IN ('not_configured', 'pending', 'syncing', 'synced', 'failed', 'out_of_sync')),
    CONSTRAINT secrets_vault_sync_status_check CHECK (vault_sync_status IN ('not_configured', 'pending', 'syncing', 'synced', 'failed', 'out_of_sync')),
    CONSTRAINT secrets_sync_status_check CHECK (sync_status IN ('not_configured', 'pending', 'syncing', 'synced', 'failed', 'out_of_sync')),
    CONSTRAINT secrets_aws_secret_arn_check CHECK (length(aws_secret_arn) <= 512),
    CONSTRAINT secrets_vault_path_check CHECK (length(vault_path) <= 512),
    CONSTRAINT secrets_expires_at_check CHECK (expires_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT secrets_auto_rotate_check CHECK (auto_rotate IN (0, 1)),
    CONSTRAINT secrets_rotation_interval_days_check CHECK (rotation_interval_days BETWEEN 1 AND 365),
    CONSTRAINT secrets_last_rotated_at_check CHECK (last_rotated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT secrets_next_rotation_at_check CHECK (next_rotation_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT secrets_is_active_check CHECK (is_active IN (0, 1)),
    CONSTRAINT secrets_current_version_check CHECK (current_version >= 1),
    CONSTRAINT secrets_row_version_check CHECK (row_version >= 1),
    CONSTRAINT secrets_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT secrets_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT secrets_rotation_plan_check CHECK (NOT auto_rotate OR rotation_interval_days IS NOT NULL),
    CONSTRAINT secrets_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id),
    CONSTRAINT secrets_creator_id_fkey FOREIGN KEY (creator_id) REFERENCES users (id)
);
CREATE UNIQUE INDEX secrets_uid_key ON secrets (uid);
CREATE UNIQUE INDEX secrets_environment_id_name_key ON secrets (environment_id, name);
CREATE INDEX secrets_list_idx ON secrets (environment_id, is_active, name, id);
CREATE INDEX secrets_list_all_idx ON secrets (is_active, name, id);
CREATE INDEX secrets_due_idx ON secrets (environment_id, next_rotation_at, id);
CREATE INDEX secrets_due_all_idx ON secrets (is_active, next_rotation_at, id);
CREATE INDEX secrets_sync_status_idx ON secrets (sync_status, environment_id, id);
CREATE INDEX secrets_expires_at_idx ON secrets (expires_at, id);
CREATE INDEX secrets_creator_id_idx ON secrets (creator_id);
CREATE INDEX secrets_recent_idx ON secrets (environment_id, updated_at, id);
