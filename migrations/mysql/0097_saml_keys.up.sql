-- Key pairs that Keeper has as a service provider: it signs with the active one, and opens with each. The private part is sealed like a value.
CREATE TABLE saml_keys (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    state VARCHAR(16) NOT NULL,
    certificate TEXT NOT NULL,
    fingerprint VARCHAR(64) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    ciphertext MEDIUMBLOB NOT NULL,
    nonce VARBINARY(32) NOT NULL,
    wrapped_key VARBINARY(1024) NOT NULL,
    key_id VARCHAR(255) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT saml_keys_state_check CHECK (state IN ('next', 'active', 'former')),
    CONSTRAINT saml_keys_fingerprint_key UNIQUE KEY (fingerprint),
    KEY saml_keys_key_id_id_idx (key_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
