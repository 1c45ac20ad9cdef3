-- What a group of an identity provider gives: a role, or membership of environments, or both.
CREATE TABLE identity_provider_groups (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    identity_provider_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    group_name VARCHAR(255) NOT NULL,
    role VARCHAR(16) NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT identity_provider_groups_role_check CHECK (role IN ('user', 'manager', 'admin')),
    CONSTRAINT identity_provider_groups_identity_provider_id_position_key UNIQUE KEY (identity_provider_id, position),
    CONSTRAINT identity_provider_groups_identity_provider_id_fkey FOREIGN KEY (identity_provider_id) REFERENCES identity_providers (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
