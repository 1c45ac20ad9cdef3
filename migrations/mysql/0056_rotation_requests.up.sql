-- What a rotation that waits for another person asks for: a typed value (sealed until it is decided on), one that Keeper makes, or a
-- former version. With the row version that it was asked on, and who decided.
CREATE TABLE rotation_requests (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    rotation_id BIGINT NOT NULL,
    uid CHAR(32) NOT NULL,
    seen_row_version BIGINT NOT NULL,
    policy VARCHAR(160) NULL,
    former BIGINT NULL,
    digest VARBINARY(64) NULL,
    length BIGINT NULL,
    public_half TEXT NULL,
    ciphertext MEDIUMBLOB NULL,
    nonce VARBINARY(32) NULL,
    wrapped_key VARBINARY(1024) NULL,
    key_id VARCHAR(255) NULL,
    expires_at DATETIME(6) NOT NULL,
    decider_id BIGINT NULL,
    decider_name VARCHAR(255) NULL,
    remark VARCHAR(1024) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT rotation_requests_uid_check CHECK (char_length(uid) = 32),
    CONSTRAINT rotation_requests_former_check CHECK (former >= 1),
    CONSTRAINT rotation_requests_policy_former_check CHECK (policy IS NULL OR former IS NULL),
    CONSTRAINT rotation_requests_sealed_check CHECK ((ciphertext IS NULL) = (wrapped_key IS NULL)),
    CONSTRAINT rotation_requests_rotation_id_key UNIQUE KEY (rotation_id),
    KEY rotation_requests_decider_id_idx (decider_id),
    CONSTRAINT rotation_requests_rotation_id_fkey FOREIGN KEY (rotation_id) REFERENCES rotations (id) ON DELETE CASCADE,
    CONSTRAINT rotation_requests_decider_id_fkey FOREIGN KEY (decider_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
