-- How far each change of stored data is that a release brings and that is too long for one statement. A row is made when it begins. Whoever
-- holds the lease does the next few rows, and stores them together with the place that they end at.
CREATE TABLE data_migrations (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(64) NOT NULL,
    after_id BIGINT NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT NULL,
    state VARCHAR(16) NOT NULL,
    lease_token BIGINT NOT NULL,
    lease_until DATETIME(6) NULL,
    trouble VARCHAR(500) NOT NULL,
    ended_at DATETIME(6) NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT data_migrations_counts_check CHECK (total >= 0 AND done >= 0 AND after_id >= 0),
    CONSTRAINT data_migrations_state_check CHECK (state IN ('running', 'done')),
    CONSTRAINT data_migrations_ended_check CHECK ((ended_at IS NULL) = (state = 'running')),
    CONSTRAINT data_migrations_name_key UNIQUE KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
