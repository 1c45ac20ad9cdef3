-- The values of a secret, sealed and numbered from 1; a version that was destroyed has lost its wrapped key.
CREATE TABLE secret_versions (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    secret_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    ciphertext MEDIUMBLOB NOT NULL,
    nonce VARBINARY(32) NOT NULL,
    wrapped_key VARBINARY(1024) NULL,
    key_id VARCHAR(255) NOT NULL,
    digest VARBINARY(64) NOT NULL,
    length BIGINT NOT NULL,
    state VARCHAR(16) NOT NULL,
    author_id BIGINT NULL,
    author_name VARCHAR(255) NOT NULL,
    reason VARCHAR(1024) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT secret_versions_number_check CHECK (number >= 1),
    CONSTRAINT secret_versions_length_check CHECK (length BETWEEN 1 AND 65536),
    CONSTRAINT secret_versions_state_check CHECK (state IN ('pending', 'current', 'previous', 'retired', 'destroyed')),
    CONSTRAINT secret_versions_key_unless_destroyed_check CHECK (wrapped_key IS NOT NULL OR state = 'destroyed'),
    CONSTRAINT secret_versions_secret_id_number_key UNIQUE KEY (secret_id, number),
    KEY secret_versions_author_id_idx (author_id),
    KEY secret_versions_digest_idx (digest),
    KEY secret_versions_key_id_idx (key_id),
    CONSTRAINT secret_versions_secret_id_fkey FOREIGN KEY (secret_id) REFERENCES secrets (id),
    CONSTRAINT secret_versions_author_id_fkey FOREIGN KEY (author_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
