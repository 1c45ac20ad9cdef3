-- How far the wrapping of every data key under the active key is. One runs at a time, so `open_slot` is unique; whoever holds the lease
-- does the next few, and stores them together with the place that they end at.
CREATE TABLE rewraps (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    key_id VARCHAR(255) NOT NULL,
    place VARCHAR(32) NOT NULL,
    from_key VARCHAR(255) NOT NULL,
    after_id BIGINT NOT NULL,
    total BIGINT NULL,
    rewrapped BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    state VARCHAR(16) NOT NULL,
    open_slot BIGINT NULL,
    lease_token BIGINT NOT NULL,
    lease_until DATETIME(6) NULL,
    trouble VARCHAR(500) NOT NULL,
    actor_name VARCHAR(255) NOT NULL,
    ended_at DATETIME(6) NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT rewraps_counts_check CHECK (total >= 0 AND rewrapped >= 0 AND failed >= 0 AND after_id >= 0),
    CONSTRAINT rewraps_state_check CHECK (state IN ('running', 'done')),
    CONSTRAINT rewraps_open_slot_check CHECK (open_slot = 1),
    CONSTRAINT rewraps_open_while_running_check CHECK ((open_slot IS NULL) = (state = 'done')),
    CONSTRAINT rewraps_ended_check CHECK ((ended_at IS NULL) = (state = 'running')),
    CONSTRAINT rewraps_open_slot_key UNIQUE KEY (open_slot)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
