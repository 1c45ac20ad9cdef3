-- How a secret is rotated may be changed as well, where that waits for another person. SQLite changes no CHECK: the table is built
-- anew, and its steps with it, because dropping a table takes along what hangs below its rows.
CREATE TABLE rotations_new (
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
    run_at TEXT CONSTRAINT rotations_run_at_check CHECK (run_at GLOB '????-??-??T??:??:??.??????Z'),
    lease_until TEXT CONSTRAINT rotations_lease_until_check CHECK (lease_until GLOB '????-??-??T??:??:??.??????Z'),
    lease_token BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    is_undoing BOOLEAN NOT NULL DEFAULT 0,

    CONSTRAINT rotations_status_check CHECK (status IN ('awaiting_approval', 'scheduled', 'running', 'succeeded', 'failed', 'rolled_back', 'rejected', 'withdrawn', 'expired', 'cancelled')),
    CONSTRAINT rotations_mode_check CHECK (mode IN ('typed', 'generated', 'restored', 'promoted', 'imported', 'plan')),
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
INSERT INTO rotations_new (id, secret_id, environment_id, status, mode, reason, actor_id, actor_name, from_version, to_version, started_at, finished_at, row_version, created_at, updated_at, run_at, lease_until, lease_token, attempts, is_undoing)
SELECT id, secret_id, environment_id, status, mode, reason, actor_id, actor_name, from_version, to_version, started_at, finished_at, row_version, created_at, updated_at, run_at, lease_until, lease_token, attempts, is_undoing FROM rotations;
CREATE TABLE rotation_steps_new (
    id INTEGER NOT NULL PRIMARY KEY,
    rotation_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    step VARCHAR(32) NOT NULL,
    status VARCHAR(16) NOT NULL,
    detail VARCHAR(1024) NOT NULL,
    started_at TEXT,
    finished_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT rotation_steps_step_check CHECK (step IN ('value', 'source', 'try', 'switch', 'copy_aws', 'copy_vault')),
    CONSTRAINT rotation_steps_status_check CHECK (status IN ('waiting', 'running', 'done', 'failed', 'undone', 'skipped')),
    CONSTRAINT rotation_steps_detail_check CHECK (length(detail) <= 1024),
    CONSTRAINT rotation_steps_started_at_check CHECK (started_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT rotation_steps_finished_at_check CHECK (finished_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT rotation_steps_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT rotation_steps_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT rotation_steps_rotation_id_fkey FOREIGN KEY (rotation_id) REFERENCES rotations_new (id) ON DELETE CASCADE
);
INSERT INTO rotation_steps_new (id, rotation_id, position, step, status, detail, started_at, finished_at, created_at, updated_at)
SELECT id, rotation_id, position, step, status, detail, started_at, finished_at, created_at, updated_at FROM rotation_steps;
DROP TABLE rotation_steps;
DROP TABLE rotations;
ALTER TABLE rotations_new RENAME TO rotations;
ALTER TABLE rotation_steps_new RENAME TO rotation_steps;
CREATE UNIQUE INDEX rotation_steps_rotation_id_position_key ON rotation_steps (rotation_id, position);
CREATE INDEX rotations_secret_id_idx ON rotations (secret_id, id);
CREATE INDEX rotations_environment_id_idx ON rotations (environment_id, id);
CREATE INDEX rotations_status_idx ON rotations (status, id);
CREATE INDEX rotations_actor_id_idx ON rotations (actor_id);
CREATE INDEX rotations_run_at_idx ON rotations (run_at, id);
