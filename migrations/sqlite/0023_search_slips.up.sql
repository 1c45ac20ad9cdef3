-- A secret that has changed, or is gone, and does not yet stand so on its shelf; the worker files it.
CREATE TABLE search_slips (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    secret_id BIGINT NOT NULL,
    environment_id BIGINT NOT NULL,
    name VARCHAR(255) NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT search_slips_name_check CHECK (length(name) <= 255),
    CONSTRAINT search_slips_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT search_slips_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT search_slips_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id)
);
CREATE INDEX search_slips_secret_id_idx ON search_slips (secret_id);
CREATE INDEX search_slips_environment_id_idx ON search_slips (environment_id);
