-- What lies in a backend below an environment's own folder and is no copy: found by the last comparison that could list it.
CREATE TABLE strays (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    environment_id BIGINT NOT NULL,
    backend VARCHAR(16) NOT NULL,
    path VARCHAR(512) NOT NULL,
    belongs BOOLEAN NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT strays_path_check CHECK (length(path) <= 512),
    CONSTRAINT strays_backend_check CHECK (backend IN ('aws', 'vault')),
    CONSTRAINT strays_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT strays_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT strays_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id)
);
CREATE UNIQUE INDEX strays_environment_id_backend_path_key ON strays (environment_id, backend, path);
