-- The steps of a rotation in their order, and how each one went.
CREATE TABLE rotation_steps (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    rotation_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    step VARCHAR(32) NOT NULL,
    status VARCHAR(16) NOT NULL,
    detail VARCHAR(1024) NOT NULL,
    started_at DATETIME(6) NULL,
    finished_at DATETIME(6) NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT rotation_steps_step_check CHECK (step IN ('value', 'switch', 'copy_aws', 'copy_vault')),
    CONSTRAINT rotation_steps_status_check CHECK (status IN ('waiting', 'running', 'done', 'failed', 'undone', 'skipped')),
    CONSTRAINT rotation_steps_rotation_id_position_key UNIQUE KEY (rotation_id, position),
    CONSTRAINT rotation_steps_rotation_id_fkey FOREIGN KEY (rotation_id) REFERENCES rotations (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
