-- The change where the credential is used, and the proof that it is accepted there, are steps as well. SQLite changes no CHECK: the table is built anew.
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
    CONSTRAINT rotation_steps_rotation_id_fkey FOREIGN KEY (rotation_id) REFERENCES rotations (id) ON DELETE CASCADE
);
INSERT INTO rotation_steps_new (id, rotation_id, position, step, status, detail, started_at, finished_at, created_at, updated_at)
SELECT id, rotation_id, position, step, status, detail, started_at, finished_at, created_at, updated_at FROM rotation_steps;
DROP TABLE rotation_steps;
ALTER TABLE rotation_steps_new RENAME TO rotation_steps;
CREATE UNIQUE INDEX rotation_steps_rotation_id_position_key ON rotation_steps (rotation_id, position);
