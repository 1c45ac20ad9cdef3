-- Environments that a group of an identity provider makes its people members of.
CREATE TABLE identity_provider_doors (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    group_id BIGINT NOT NULL,
    environment_id BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT identity_provider_doors_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT identity_provider_doors_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT identity_provider_doors_group_id_fkey FOREIGN KEY (group_id) REFERENCES identity_provider_groups (id) ON DELETE CASCADE,
    CONSTRAINT identity_provider_doors_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX identity_provider_doors_group_id_environment_id_key ON identity_provider_doors (group_id, environment_id);
CREATE INDEX identity_provider_doors_environment_id_idx ON identity_provider_doors (environment_id);
