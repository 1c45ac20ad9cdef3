-- What programs act as, each in the name of its owner: which role, which acts and which environments, at most.
CREATE TABLE service_accounts (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name VARCHAR(64) NOT NULL,
    description VARCHAR(500) NOT NULL,
    owner_id BIGINT NOT NULL,
    role VARCHAR(16) NOT NULL,
    scopes VARCHAR(500) NOT NULL,
    all_environments BOOLEAN NOT NULL,
    is_active BOOLEAN NOT NULL,
    created_by VARCHAR(255) NOT NULL,
    row_version BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT service_accounts_name_check CHECK (length(name) <= 64),
    CONSTRAINT service_accounts_description_check CHECK (length(description) <= 500),
    CONSTRAINT service_accounts_role_check CHECK (role IN ('user', 'manager', 'admin')),
    CONSTRAINT service_accounts_scopes_check CHECK (length(scopes) <= 500),
    CONSTRAINT service_accounts_all_environments_check CHECK (all_environments IN (0, 1)),
    CONSTRAINT service_accounts_is_active_check CHECK (is_active IN (0, 1)),
    CONSTRAINT service_accounts_created_by_check CHECK (length(created_by) <= 255),
    CONSTRAINT service_accounts_row_version_check CHECK (row_version >= 1),
    CONSTRAINT service_accounts_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT service_accounts_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT service_accounts_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES users (id)
);
CREATE UNIQUE INDEX service_accounts_name_key ON service_accounts (name);
CREATE INDEX service_accounts_owner_id_idx ON service_accounts (owner_id);
