-- How far each change of stored data is that a release brings and that is too long for one statement. A row is made when it begins. Whoever
-- holds the lease does the next few rows, and stores them together with the place that they end at.
CREATE TABLE data_migrations (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name VARCHAR(64) NOT NULL,
    after_id BIGINT NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT,
    state VARCHAR(16) NOT NULL,
    lease_token BIGINT NOT NULL,
    lease_until TEXT,
    trouble VARCHAR(500) NOT NULL,
    ended_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT data_migrations_counts_check CHECK (total >= 0 AND done >= 0 AND after_id >= 0),
    CONSTRAINT data_migrations_state_check CHECK (state IN ('running', 'done')),
    CONSTRAINT data_migrations_ended_check CHECK ((ended_at IS NULL) = (state = 'running')),
    CONSTRAINT data_migrations_name_check CHECK (length(name) <= 64),
    CONSTRAINT data_migrations_trouble_check CHECK (length(trouble) <= 500),
    CONSTRAINT data_migrations_lease_until_check CHECK (lease_until GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT data_migrations_ended_at_check CHECK (ended_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT data_migrations_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT data_migrations_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z')
);
CREATE UNIQUE INDEX data_migrations_name_key ON data_migrations (name);
