-- A second factor of accounts that sign in by password: the secret of an authenticator app (RFC 6238), sealed like a value. One in use, one being set up.
CREATE TABLE second_factors (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id BIGINT NOT NULL,
    state VARCHAR(16) NOT NULL,
    last_step BIGINT NOT NULL,
    failed_count BIGINT NOT NULL,
    failed_at DATETIME(6) NULL,
    ciphertext MEDIUMBLOB NOT NULL,
    nonce VARBINARY(32) NOT NULL,
    wrapped_key VARBINARY(1024) NOT NULL,
    key_id VARCHAR(255) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT second_factors_state_check CHECK (state IN ('pending', 'active')),
    CONSTRAINT second_factors_failed_count_check CHECK (failed_count >= 0),
    CONSTRAINT second_factors_user_id_state_key UNIQUE KEY (user_id, state),
    KEY second_factors_key_id_id_idx (key_id, id),
    CONSTRAINT second_factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
