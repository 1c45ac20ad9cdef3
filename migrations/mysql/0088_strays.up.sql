-- What lies in a backend below an environment's own folder and is no copy: found by the last comparison that could list it.
CREATE TABLE strays (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    environment_id BIGINT NOT NULL,
    backend VARCHAR(16) NOT NULL,
    path VARCHAR(512) NOT NULL,
    belongs BOOLEAN NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT strays_backend_check CHECK (backend IN ('aws', 'vault')),
    CONSTRAINT strays_environment_id_backend_path_key UNIQUE KEY (environment_id, backend, path),
    CONSTRAINT strays_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
