-- What a group of an identity provider gives: a role, or membership of environments, or both.
CREATE TABLE identity_provider_groups (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    identity_provider_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    group_name VARCHAR(255) NOT NULL,
    role VARCHAR(16),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT identity_provider_groups_group_name_check CHECK (length(group_name) <= 255),
    CONSTRAINT identity_provider_groups_role_check CHECK (role IN ('user', 'manager', 'admin')),
    CONSTRAINT identity_provider_groups_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT identity_provider_groups_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT identity_provider_groups_identity_provider_id_fkey FOREIGN KEY (identity_provider_id) REFERENCES identity_providers (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX identity_provider_groups_identity_provider_id_position_key ON identity_provider_groups (identity_provider_id, position);
