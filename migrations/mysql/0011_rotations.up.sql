-- The planned change of a secret's value, from the request to verified copies.
CREATE TABLE rotations (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    secret_id BIGINT NOT NULL,
    environment_id BIGINT NOT NULL,
    status VARCHAR(24) NOT NULL,
    mode VARCHAR(16) NOT NULL,
    reason VARCHAR(1024) NOT NULL,
    actor_id BIGINT NULL,
    actor_name VARCHAR(255) NOT NULL,
    from_version BIGINT NOT NULL,
    to_version BIGINT NULL,
    started_at DATETIME(6) NULL,
    finished_at DATETIME(6) NULL,
    row_version BIGINT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT rotations_status_check CHECK (status IN ('awaiting_approval', 'scheduled', 'running', 'succeeded', 'failed', 'rolled_back', 'rejected', 'withdrawn', 'expired', 'cancelled')),
    CONSTRAINT rotations_mode_check CHECK (mode IN ('typed', 'generated')),
    CONSTRAINT rotations_row_version_check CHECK (row_version >= 1),
    KEY rotations_secret_id_idx (secret_id, id),
    KEY rotations_environment_id_idx (environment_id, id),
    KEY rotations_status_idx (status, id),
    KEY rotations_actor_id_idx (actor_id),
    CONSTRAINT rotations_secret_id_fkey FOREIGN KEY (secret_id) REFERENCES secrets (id),
    CONSTRAINT rotations_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id),
    CONSTRAINT rotations_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
