-- A second factor of accounts that sign in by password: the secret of an authenticator app (RFC 6238), sealed like a value. One in use, one being set up.
CREATE TABLE second_factors (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL,
    state VARCHAR(16) NOT NULL,
    last_step INTEGER NOT NULL,
    failed_count INTEGER NOT NULL,
    failed_at TEXT,
    ciphertext BLOB NOT NULL,
    nonce BLOB NOT NULL,
    wrapped_key BLOB NOT NULL,
    key_id VARCHAR(255) NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT second_factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT second_factors_state_check CHECK (state IN ('pending', 'active')),
    CONSTRAINT second_factors_failed_count_check CHECK (failed_count >= 0),
    CONSTRAINT second_factors_failed_at_check CHECK (failed_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT second_factors_nonce_check CHECK (length(nonce) <= 32),
    CONSTRAINT second_factors_wrapped_key_check CHECK (length(wrapped_key) <= 1024),
    CONSTRAINT second_factors_key_id_check CHECK (length(key_id) <= 255),
    CONSTRAINT second_factors_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT second_factors_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z')
);
CREATE UNIQUE INDEX second_factors_user_id_state_key ON second_factors (user_id, state);
CREATE INDEX second_factors_key_id_id_idx ON second_factors (key_id, id);
