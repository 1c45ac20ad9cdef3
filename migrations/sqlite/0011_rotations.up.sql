-- The planned change of a secret's value, from the request to verified copies.
CREATE TABLE rotations (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    secret_id BIGINT NOT NULL,
    environment_id BIGINT NOT NULL,
    status VARCHAR(24) NOT NULL,
    mode VARCHAR(16) NOT NULL,
    reason VARCHAR(1024) NOT NULL,
    actor_id BIGINT,
    actor_name VARCHAR(255) NOT NULL,
    from_version BIGINT NOT NULL,
    to_version BIGINT,
    started_at TEXT,
    finished_at TEXT,
    row_version BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT rotations_status_check CHECK (status IN ('awaiting_approval', 'scheduled', 'running', 'succeeded', 'failed', 'rolled_back', 'rejected', 'withdrawn', 'expired', 'cancelled')),
    CONSTRAINT rotations_mode_check CHECK (mode IN ('typed', 'generated')),
    CONSTRAINT rotations_reason_check CHECK (length(reason) <= 1024),
    CONSTRAINT rotations_actor_name_check CHECK (length(actor_name) <= 255),
    CONSTRAINT rotations_started_at_check CHECK (started_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT rotations_finished_at_check CHECK (finished_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT rotations_row_version_check CHECK (row_version >= 1),
    CONSTRAINT rotations_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT rotations_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT rotations_secret_id_fkey FOREIGN KEY (secret_id) REFERENCES secrets (id),
    CONSTRAINT rotations_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id),
    CONSTRAINT rotations_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES users (id)
);
CREATE INDEX rotations_secret_id_idx ON rotations (secret_id, id);
CREATE INDEX rotations_environment_id_idx ON rotations (environment_id, id);
CREATE INDEX rotations_status_idx ON rotations (status, id);
CREATE INDEX rotations_actor_id_idx ON rotations (actor_id);
