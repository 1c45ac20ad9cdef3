-- The outbox: work for the worker, as ids and numbers only, never a value.
CREATE TABLE jobs (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    kind VARCHAR(32) NOT NULL,
    secret_id BIGINT NOT NULL,
    backend VARCHAR(16) NOT NULL,
    version_number BIGINT NOT NULL,
    state VARCHAR(16) NOT NULL,
    attempts BIGINT NOT NULL,
    run_at DATETIME(6) NOT NULL,
    lease_until DATETIME(6) NULL,
    lease_token BIGINT NOT NULL,
    last_error VARCHAR(1024) NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT jobs_kind_check CHECK (kind IN ('push')),
    CONSTRAINT jobs_backend_check CHECK (backend IN ('aws', 'vault')),
    CONSTRAINT jobs_state_check CHECK (state IN ('waiting', 'leased', 'done', 'dead')),
    KEY jobs_claim_idx (backend, state, run_at, id),
    KEY jobs_secret_idx (secret_id, backend, state, id),
    CONSTRAINT jobs_secret_id_fkey FOREIGN KEY (secret_id) REFERENCES secrets (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
