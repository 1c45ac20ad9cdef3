-- A copy can be removed as well. SQLite changes no CHECK: the table is built anew.
CREATE TABLE jobs_new (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    kind VARCHAR(32) NOT NULL,
    secret_id BIGINT NOT NULL,
    backend VARCHAR(16) NOT NULL,
    version_number BIGINT NOT NULL,
    state VARCHAR(16) NOT NULL,
    attempts BIGINT NOT NULL,
    run_at TEXT NOT NULL,
    lease_until TEXT,
    lease_token BIGINT NOT NULL,
    last_error VARCHAR(1024),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT jobs_kind_check CHECK (kind IN ('push', 'remove')),
    CONSTRAINT jobs_backend_check CHECK (backend IN ('aws', 'vault')),
    CONSTRAINT jobs_state_check CHECK (state IN ('waiting', 'leased', 'done', 'dead')),
    CONSTRAINT jobs_run_at_check CHECK (run_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT jobs_lease_until_check CHECK (lease_until GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT jobs_last_error_check CHECK (length(last_error) <= 1024),
    CONSTRAINT jobs_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT jobs_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT jobs_secret_id_fkey FOREIGN KEY (secret_id) REFERENCES secrets (id)
);
INSERT INTO jobs_new (id, kind, secret_id, backend, version_number, state, attempts, run_at, lease_until, lease_token, last_error, created_at, updated_at)
SELECT id, kind, secret_id, backend, version_number, state, attempts, run_at, lease_until, lease_token, last_error, created_at, updated_at FROM jobs;
DROP TABLE jobs;
ALTER TABLE jobs_new RENAME TO jobs;
CREATE INDEX jobs_claim_idx ON jobs (backend, state, run_at, id);
CREATE INDEX jobs_secret_idx ON jobs (secret_id, backend, state, id);
