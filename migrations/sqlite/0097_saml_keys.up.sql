-- Key pairs that Keeper has as a service provider: it signs with the active one, and opens with each. The private part is sealed like a value.
CREATE TABLE saml_keys (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    state VARCHAR(16) NOT NULL,
    certificate TEXT NOT NULL,
    fingerprint VARCHAR(64) NOT NULL,
    expires_at TEXT NOT NULL,
    ciphertext BLOB NOT NULL,
    nonce BLOB NOT NULL,
    wrapped_key BLOB NOT NULL,
    key_id VARCHAR(255) NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT saml_keys_state_check CHECK (state IN ('next', 'active', 'former')),
    CONSTRAINT saml_keys_fingerprint_check CHECK (length(fingerprint) <= 64),
    CONSTRAINT saml_keys_expires_at_check CHECK (expires_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT saml_keys_nonce_check CHECK (length(nonce) <= 32),
    CONSTRAINT saml_keys_wrapped_key_check CHECK (length(wrapped_key) <= 1024),
    CONSTRAINT saml_keys_key_id_check CHECK (length(key_id) <= 255),
    CONSTRAINT saml_keys_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT saml_keys_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z')
);
CREATE UNIQUE INDEX saml_keys_fingerprint_key ON saml_keys (fingerprint);
CREATE INDEX saml_keys_key_id_id_idx ON saml_keys (key_id, id);
