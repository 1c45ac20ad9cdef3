-- What programs act as, each in the name of its owner: which role, which acts and which environments, at most.
CREATE TABLE service_accounts (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(64) NOT NULL,
    description VARCHAR(500) NOT NULL,
    owner_id BIGINT NOT NULL,
    role VARCHAR(16) NOT NULL,
    scopes VARCHAR(500) NOT NULL,
    all_environments BOOLEAN NOT NULL,
    is_active BOOLEAN NOT NULL,
    created_by VARCHAR(255) NOT NULL,
    row_version BIGINT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT service_accounts_role_check CHECK (role IN ('user', 'manager', 'admin')),
    CONSTRAINT service_accounts_all_environments_check CHECK (all_environments IN (0, 1)),
    CONSTRAINT service_accounts_is_active_check CHECK (is_active IN (0, 1)),
    CONSTRAINT service_accounts_row_version_check CHECK (row_version >= 1),
    CONSTRAINT service_accounts_name_key UNIQUE KEY (name),
    KEY service_accounts_owner_id_idx (owner_id),
    CONSTRAINT service_accounts_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
