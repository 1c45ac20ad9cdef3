-- What one backend holds of one secret, as Keeper last saw it, and when it will try again.
CREATE TABLE copies (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    secret_id BIGINT NOT NULL,
    backend VARCHAR(16) NOT NULL,
    remote_path VARCHAR(512) NOT NULL,
    remote_version VARCHAR(128) NULL,
    version_number BIGINT NULL,
    digest_seen VARBINARY(64) NULL,
    last_success_at DATETIME(6) NULL,
    last_error VARCHAR(1024) NULL,
    next_try_at DATETIME(6) NULL,
    attempts BIGINT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT copies_backend_check CHECK (backend IN ('aws', 'vault')),
    CONSTRAINT copies_secret_id_backend_key UNIQUE KEY (secret_id, backend),
    CONSTRAINT copies_secret_id_fkey FOREIGN KEY (secret_id) REFERENCES secrets (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
