-- One row for each environment: how far the comparison of its copies is, or what the last one found. Whoever holds the lease compares the
-- next few; `next_at` is when somebody may, and stands while it runs.
CREATE TABLE comparisons (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
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
    next_at DATETIME(6) NULL,
    began_at DATETIME(6) NOT NULL,
    ended_at DATETIME(6) NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT comparisons_counts_check CHECK (total >= 0 AND compared >= 0 AND different >= 0 AND unknown >= 0 AND added >= 0 AND stalls >= 0),
    CONSTRAINT comparisons_running_or_ended_check CHECK ((next_at IS NULL) = (ended_at IS NOT NULL)),
    CONSTRAINT comparisons_environment_id_key UNIQUE KEY (environment_id),
    KEY comparisons_next_at_idx (next_at),
    CONSTRAINT comparisons_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
