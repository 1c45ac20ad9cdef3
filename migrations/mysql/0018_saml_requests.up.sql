-- Sign-ins that were sent to an identity provider: which browser they belong to, what they come back to, and that they are used once.
CREATE TABLE saml_requests (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    request_id VARCHAR(64) NOT NULL,
    browser_hash VARCHAR(64) NOT NULL,
    client_addr VARCHAR(64) NOT NULL,
    next VARCHAR(1024) NOT NULL,
    session_hash VARCHAR(64) NULL,
    prove_user_id BIGINT NULL,
    used_at DATETIME(6) NULL,
    arrived_user_id BIGINT NULL,
    session_index VARCHAR(255) NULL,
    session_ends_at DATETIME(6) NULL,
    expires_at DATETIME(6) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT saml_requests_request_id_key UNIQUE KEY (request_id),
    KEY saml_requests_client_addr_idx (client_addr),
    KEY saml_requests_prove_user_id_idx (prove_user_id),
    KEY saml_requests_arrived_user_id_idx (arrived_user_id),
    KEY saml_requests_expires_at_idx (expires_at),
    CONSTRAINT saml_requests_prove_user_id_fkey FOREIGN KEY (prove_user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT saml_requests_arrived_user_id_fkey FOREIGN KEY (arrived_user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
