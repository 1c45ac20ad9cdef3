-- Signed-in browsers: a hash of each cookie's token, the session's record as JSON, and when it was last seen, last proved and ends.
CREATE TABLE sessions (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    token_hash VARCHAR(64) NOT NULL,
    user_id BIGINT NOT NULL,
    data MEDIUMTEXT NOT NULL,
    last_seen_at DATETIME(6) NOT NULL,
    proved_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    client_addr VARCHAR(64) NOT NULL,
    user_agent VARCHAR(255) NOT NULL,
    saml_session_index VARCHAR(255) NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT sessions_token_hash_key UNIQUE KEY (token_hash),
    KEY sessions_user_id_idx (user_id),
    KEY sessions_expires_at_idx (expires_at),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
