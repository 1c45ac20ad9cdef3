-- Each time that somebody broke the glass: a change without the approval that it should have waited for. In sight until another person
-- has acknowledged it.
CREATE TABLE glass_breaks (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    environment_id BIGINT NOT NULL,
    secret_id BIGINT NOT NULL,
    rotation_id BIGINT,
    reason VARCHAR(1024) NOT NULL,
    actor_id BIGINT,
    actor_name VARCHAR(255) NOT NULL,
    acknowledged_at TEXT,
    acknowledger_id BIGINT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT glass_breaks_reason_check CHECK (reason <> ''),
    CONSTRAINT glass_breaks_reason_length_check CHECK (length(reason) <= 1024),
    CONSTRAINT glass_breaks_actor_name_check CHECK (length(actor_name) <= 255),
    CONSTRAINT glass_breaks_acknowledged_at_check CHECK (acknowledged_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT glass_breaks_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT glass_breaks_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT glass_breaks_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id),
    CONSTRAINT glass_breaks_secret_id_fkey FOREIGN KEY (secret_id) REFERENCES secrets (id) ON DELETE CASCADE,
    CONSTRAINT glass_breaks_rotation_id_fkey FOREIGN KEY (rotation_id) REFERENCES rotations (id) ON DELETE CASCADE,
    CONSTRAINT glass_breaks_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES users (id),
    CONSTRAINT glass_breaks_acknowledger_id_fkey FOREIGN KEY (acknowledger_id) REFERENCES users (id)
);
CREATE INDEX glass_breaks_environment_id_acknowledged_at_idx ON glass_breaks (environment_id, acknowledged_at, id);
CREATE INDEX glass_breaks_secret_id_idx ON glass_breaks (secret_id);
CREATE INDEX glass_breaks_rotation_id_idx ON glass_breaks (rotation_id);
CREATE INDEX glass_breaks_actor_id_idx ON glass_breaks (actor_id);
CREATE INDEX glass_breaks_acknowledger_id_idx ON glass_breaks (acknowledger_id);
