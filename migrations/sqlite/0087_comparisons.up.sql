-- One row for each environment: how far the comparison of its copies is, or what the last one found. Whoever holds the lease compares the
-- next few; `next_at` is when somebody may, and stands while it runs.
CREATE TABLE comparisons (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    environment_id BIGINT NOT NULL,
    asked_by VARCHAR(255) NOT NULL,
    is_whole BOOLEAN NOT NULL,
    after_name VARCHAR(255) NOT NULL,
    total BIGINT NOT NULL,
    compared BIGINT NOT NULL,
    different BIGINT NOT NULL,
    unknown BIGINT NOT NULL,
    added BIGINT NOT NULL,
    stalls BIGINT NOT NULL,
    given_up VARCHAR(64) NOT NULL,
    unlisted VARCHAR(1000) NOT NULL,
    lease_token BIGINT NOT NULL,
    next_at TEXT,
    began_at TEXT NOT NULL,
    ended_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT comparisons_asked_by_check CHECK (length(asked_by) <= 255),
    CONSTRAINT comparisons_after_name_check CHECK (length(after_name) <= 255),
    CONSTRAINT comparisons_given_up_check CHECK (length(given_up) <= 64),
    CONSTRAINT comparisons_unlisted_check CHECK (length(unlisted) <= 1000),
    CONSTRAINT comparisons_counts_check CHECK (total >= 0 AND compared >= 0 AND different >= 0 AND unknown >= 0 AND added >= 0 AND stalls >= 0),
    CONSTRAINT comparisons_running_or_ended_check CHECK ((next_at IS NULL) = (ended_at IS NOT NULL)),
    CONSTRAINT comparisons_next_at_check CHECK (next_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT comparisons_began_at_check CHECK (began_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT comparisons_ended_at_check CHECK (ended_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT comparisons_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT comparisons_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT comparisons_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id)
);
CREATE UNIQUE INDEX comparisons_environment_id_key ON comparisons (environment_id);
CREATE INDEX comparisons_next_at_idx ON comparisons (next_at);
