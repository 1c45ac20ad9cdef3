-- How many secrets an environment has in each state, as additions and subtractions: nobody waits for a counter. The worker adds them up.
CREATE TABLE secret_tallies (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    environment_id BIGINT NOT NULL,
    is_active TINYINT(1) NOT NULL,
    sync_status VARCHAR(16) NOT NULL,
    amount BIGINT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT secret_tallies_is_active_check CHECK (is_active IN (0, 1)),
    KEY secret_tallies_environment_id_idx (environment_id),
    CONSTRAINT secret_tallies_sync_status_check CHECK (sync_status IN ('not_configured', 'pending', 'syncing', 'synced', 'failed', 'out_of_sync')),
    CONSTRAINT secret_tallies_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
