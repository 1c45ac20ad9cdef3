-- The values of a secret, sealed and numbered from 1; a version that was destroyed has lost its wrapped key.
CREATE TABLE secret_versions (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    secret_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    ciphertext BLOB NOT NULL,
    nonce BLOB NOT NULL,
    wrapped_key BLOB,
    key_id VARCHAR(255) NOT NULL,
    digest BLOB NOT NULL,
    length BIGINT NOT NULL,
    state VARCHAR(16) NOT NULL,
    author_id BIGINT,
    author_name VARCHAR(255) NOT NULL,
    reason VARCHAR(1024) NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT secret_versions_number_check CHECK (number >= 1),
    CONSTRAINT secret_versions_nonce_check CHECK (length(nonce) <= 32),
    CONSTRAINT secret_versions_wrapped_key_check CHECK (length(wrapped_key) <= 1024),
    CONSTRAINT secret_versions_key_id_check CHECK (length(key_id) <= 255),
    CONSTRAINT secret_versions_digest_check CHECK (length(digest) <= 64),
    CONSTRAINT secret_versions_length_check CHECK (length BETWEEN 1 AND 65536),
    CONSTRAINT secret_versions_state_check CHECK (state IN ('pending', 'current', 'previous', 'retired', 'destroyed')),
    CONSTRAINT secret_versions_author_name_check CHECK (length(author_name) <= 255),
    CONSTRAINT secret_versions_reason_check CHECK (length(reason) <= 1024),
    CONSTRAINT secret_versions_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT secret_versions_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT secret_versions_key_unless_destroyed_check CHECK (wrapped_key IS NOT NULL OR state = 'destroyed'),
    CONSTRAINT secret_versions_secret_id_fkey FOREIGN KEY (secret_id) REFERENCES secrets (id),
    CONSTRAINT secret_versions_author_id_fkey FOREIGN KEY (author_id) REFERENCES users (id)
);
CREATE UNIQUE INDEX secret_versions_secret_id_number_key ON secret_versions (secret_id, number);
CREATE INDEX secret_versions_author_id_idx ON secret_versions (author_id);
CREATE INDEX secret_versions_digest_idx ON secret_versions (digest);
CREATE INDEX secret_versions_key_id_idx ON secret_versions (key_id);
