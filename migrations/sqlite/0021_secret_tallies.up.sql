-- How many secrets an environment has in each state, as additions and subtractions: nobody waits for a counter. The worker adds them up.
CREATE TABLE secret_tallies (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    environment_id BIGINT NOT NULL,
    is_active BOOLEAN NOT NULL,
    sync_status VARCHAR(16) NOT NULL,
    amount BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT secret_tallies_is_active_check CHECK (is_active IN (0, 1)),
    CONSTRAINT secret_tallies_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT secret_tallies_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT secret_tallies_sync_status_check CHECK (sync_status IN ('not_configured', 'pending', 'syncing', 'synced', 'failed', 'out_of_sync')),
    CONSTRAINT secret_tallies_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id)
);
CREATE INDEX secret_tallies_environment_id_idx ON secret_tallies (environment_id);
