-- A secret that has changed and does not yet stand so on its shelf; the worker files it.
CREATE TABLE search_slips (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    secret_id BIGINT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    KEY search_slips_secret_id_idx (secret_id),
    CONSTRAINT search_slips_secret_id_fkey FOREIGN KEY (secret_id) REFERENCES secrets (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
