-- A file that was uploaded for an import: sealed until it is confirmed or its time is over; afterwards what it has done, as ids.
CREATE TABLE imports (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uid CHAR(32) NOT NULL,
    user_id BIGINT,
    environment_id BIGINT NOT NULL,
    format VARCHAR(16) NOT NULL,
    secret_type VARCHAR(32) NOT NULL,
    secrecy_level VARCHAR(16) NOT NULL,
    row_count BIGINT NOT NULL,
    ciphertext BLOB,
    nonce BLOB,
    wrapped_key BLOB,
    key_id VARCHAR(255),
    outcome TEXT,
    expires_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT imports_uid_check CHECK (length(uid) = 32),
    CONSTRAINT imports_format_check CHECK (format IN ('env', 'json', 'csv')),
    CONSTRAINT imports_row_count_check CHECK (row_count >= 1),
    CONSTRAINT imports_nonce_check CHECK (length(nonce) <= 32),
    CONSTRAINT imports_wrapped_key_check CHECK (length(wrapped_key) <= 1024),
    CONSTRAINT imports_key_id_check CHECK (length(key_id) <= 255),
    CONSTRAINT imports_file_or_outcome_check CHECK ((ciphertext IS NULL) = (outcome IS NOT NULL)),
    CONSTRAINT imports_expires_at_check CHECK (expires_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT imports_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT imports_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT imports_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT imports_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id)
);
CREATE UNIQUE INDEX imports_uid_key ON imports (uid);
CREATE INDEX imports_user_id_idx ON imports (user_id, id);
CREATE INDEX imports_environment_id_idx ON imports (environment_id);
CREATE INDEX imports_expires_at_idx ON imports (expires_at);
