-- Each time that somebody broke the glass: a change without the approval that it should have waited for. In sight until another person
-- has acknowledged it.
CREATE TABLE glass_breaks (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    environment_id BIGINT NOT NULL,
    secret_id BIGINT NOT NULL,
    rotation_id BIGINT NULL,
    reason VARCHAR(1024) NOT NULL,
    actor_id BIGINT NULL,
    actor_name VARCHAR(255) NOT NULL,
    acknowledged_at DATETIME(6) NULL,
    acknowledger_id BIGINT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT glass_breaks_reason_check CHECK (reason <> ''),
    KEY glass_breaks_environment_id_acknowledged_at_idx (environment_id, acknowledged_at, id),
    KEY glass_breaks_secret_id_idx (secret_id),
    KEY glass_breaks_rotation_id_idx (rotation_id),
    KEY glass_breaks_actor_id_idx (actor_id),
    KEY glass_breaks_acknowledger_id_idx (acknowledger_id),
    CONSTRAINT glass_breaks_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id),
    CONSTRAINT glass_breaks_secret_id_fkey FOREIGN KEY (secret_id) REFERENCES secrets (id) ON DELETE CASCADE,
    CONSTRAINT glass_breaks_rotation_id_fkey FOREIGN KEY (rotation_id) REFERENCES rotations (id) ON DELETE CASCADE,
    CONSTRAINT glass_breaks_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES users (id),
    CONSTRAINT glass_breaks_acknowledger_id_fkey FOREIGN KEY (acknowledger_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
