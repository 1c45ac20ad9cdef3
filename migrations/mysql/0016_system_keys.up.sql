-- Keeper's own keys, one for each purpose, wrapped by the KMS.
CREATE TABLE system_keys (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    purpose VARCHAR(32) NOT NULL,
    wrapped_key VARBINARY(1024) NOT NULL,
    key_id VARCHAR(255) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT system_keys_purpose_check CHECK (purpose IN ('audit_mac', 'value_digest', 'csrf', 'checkpoint')),
    CONSTRAINT system_keys_purpose_key UNIQUE KEY (purpose)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
