-- The environments that a service account is for, where it is not for all.
CREATE TABLE service_account_environments (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    service_account_id BIGINT NOT NULL,
    environment_id BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT service_account_environments_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT service_account_environments_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT service_account_environments_service_account_id_fkey FOREIGN KEY (service_account_id) REFERENCES service_accounts (id) ON DELETE CASCADE,
    CONSTRAINT service_account_environments_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX service_account_environments_account_environment_key ON service_account_environments (service_account_id, environment_id);
CREATE INDEX service_account_environments_environment_id_idx ON service_account_environments (environment_id);
