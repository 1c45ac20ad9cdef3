-- What Keeper signs in to an environment's backend with, sealed like a value: one per environment and backend.
CREATE TABLE backend_credentials (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    environment_id BIGINT NOT NULL,
    backend VARCHAR(16) NOT NULL,
    serial BIGINT NOT NULL,
    ciphertext MEDIUMBLOB NOT NULL,
    nonce VARBINARY(32) NOT NULL,
    wrapped_key VARBINARY(1024) NOT NULL,
    key_id VARCHAR(255) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT backend_credentials_backend_check CHECK (backend IN ('aws', 'vault')),
    CONSTRAINT backend_credentials_environment_id_backend_key UNIQUE KEY (environment_id, backend),
    CONSTRAINT backend_credentials_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
