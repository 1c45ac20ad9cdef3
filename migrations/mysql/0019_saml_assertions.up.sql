-- Assertions that were believed, until they could not be shown again.
CREATE TABLE saml_assertions (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    assertion_hash VARCHAR(64) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT saml_assertions_assertion_hash_key UNIQUE KEY (assertion_hash),
    KEY saml_assertions_expires_at_idx (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
