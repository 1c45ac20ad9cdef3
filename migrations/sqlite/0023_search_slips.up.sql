-- A secret that has changed and does not yet stand so on its shelf; the worker files it.
CREATE TABLE search_slips (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    secret_id BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT search_slips_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT search_slips_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT search_slips_secret_id_fkey FOREIGN KEY (secret_id) REFERENCES secrets (id) ON DELETE CASCADE
);
CREATE INDEX search_slips_secret_id_idx ON search_slips (secret_id);
