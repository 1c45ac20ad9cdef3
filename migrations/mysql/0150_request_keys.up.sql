-- What programs call their requests, so that each is done once: a keyed hash of the request, the event that tells of its change, and what it was answered by. Never a body.
CREATE TABLE request_keys (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    caller VARCHAR(64) NOT NULL,
    key_hash VARCHAR(64) NOT NULL,
    fingerprint VARCHAR(64) NOT NULL,
    attempt BIGINT NOT NULL,
    event_seq BIGINT NULL,
    status BIGINT NULL,
    resource VARCHAR(16) NULL,
    resource_ids MEDIUMTEXT NULL,
    lease_until DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT request_keys_attempt_check CHECK (attempt > 0),
    CONSTRAINT request_keys_status_check CHECK (status >= 200 AND status < 300),
    CONSTRAINT request_keys_caller_key_hash_key UNIQUE KEY (caller, key_hash),
    KEY request_keys_expires_at_idx (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
