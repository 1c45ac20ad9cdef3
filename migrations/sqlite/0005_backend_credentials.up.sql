-- What Keeper signs in to an environment's backend with, sealed like a value: one per environment and backend.
CREATE TABLE backend_credentials (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    environment_id BIGINT NOT NULL,
    backend VARCHAR(16) NOT NULL,
    serial BIGINT NOT NULL,
    ciphertext BLOB NOT NULL,
    nonce BLOB NOT NULL,
    wrapped_key BLOB NOT NULL,
    key_id VARCHAR(255) NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT backend_credentials_backend_check CHECK (backend IN ('aws', 'vault')),
    CONSTRAINT backend_credentials_nonce_check CHECK (length(nonce) <= 32),
    CONSTRAINT backend_credentials_wrapped_key_check CHECK (length(wrapped_key) <= 1024),
    CONSTRAINT backend_credentials_key_id_check CHECK (length(key_id) <= 255),
    CONSTRAINT backend_credentials_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT backend_credentials_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT backend_credentials_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX backend_credentials_environment_id_backend_key ON backend_credentials (environment_id, backend);
