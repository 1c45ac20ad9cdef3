-- Keeper's own keys, one for each purpose, wrapped by the KMS.
CREATE TABLE system_keys (
    id INTEGER NOT NULL PRIMARY KEY,
    purpose VARCHAR(32) NOT NULL,
    wrapped_key BLOB NOT NULL,
    key_id VARCHAR(255) NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT system_keys_purpose_check CHECK (purpose IN ('audit_mac', 'value_digest', 'csrf', 'checkpoint')),
    CONSTRAINT system_keys_wrapped_key_check CHECK (length(wrapped_key) <= 1024),
    CONSTRAINT system_keys_key_id_check CHECK (length(key_id) <= 255),
    CONSTRAINT system_keys_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT system_keys_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z')
);
CREATE UNIQUE INDEX system_keys_purpose_key ON system_keys (purpose);
