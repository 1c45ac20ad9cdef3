-- Whose search index is being made anew: a row for each environment. Until `lease_until` its slips are left alone; whoever finds that past
-- raises `lease_token` and files them. A row without a lease tells of a refiling that was broken off.
CREATE TABLE search_refilings (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    environment_id BIGINT NOT NULL,
    done BIGINT NOT NULL,
    lease_token BIGINT NOT NULL,
    lease_until DATETIME(6) NULL,
    actor_name VARCHAR(255) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT search_refilings_done_check CHECK (done >= 0),
    CONSTRAINT search_refilings_environment_id_key UNIQUE KEY (environment_id),
    CONSTRAINT search_refilings_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
