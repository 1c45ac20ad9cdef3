-- A secret that has changed, or is gone, and does not yet stand so on its shelf; the worker files it.
CREATE TABLE search_slips (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    secret_id BIGINT NOT NULL,
    environment_id BIGINT NOT NULL,
    name VARCHAR(255) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    KEY search_slips_secret_id_idx (secret_id),
    KEY search_slips_environment_id_idx (environment_id),
    CONSTRAINT search_slips_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
