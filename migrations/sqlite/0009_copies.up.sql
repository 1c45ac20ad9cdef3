-- What one backend holds of one secret, as Keeper last saw it, and when it will try again.
CREATE TABLE copies (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    secret_id BIGINT NOT NULL,
    backend VARCHAR(16) NOT NULL,
    remote_path VARCHAR(512) NOT NULL,
    remote_version VARCHAR(128),
    version_number BIGINT,
    digest_seen BLOB,
    last_success_at TEXT,
    last_error VARCHAR(1024),
    next_try_at TEXT,
    attempts BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT copies_backend_check CHECK (backend IN ('aws', 'vault')),
    CONSTRAINT copies_remote_path_check CHECK (length(remote_path) <= 512),
    CONSTRAINT copies_remote_version_check CHECK (length(remote_version) <= 128),
    CONSTRAINT copies_digest_seen_check CHECK (length(digest_seen) <= 64),
    CONSTRAINT copies_last_success_at_check CHECK (last_success_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT copies_last_error_check CHECK (length(last_error) <= 1024),
    CONSTRAINT copies_next_try_at_check CHECK (next_try_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT copies_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT copies_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT copies_secret_id_fkey FOREIGN KEY (secret_id) REFERENCES secrets (id)
);
CREATE UNIQUE INDEX copies_secret_id_backend_key ON copies (secret_id, backend);
