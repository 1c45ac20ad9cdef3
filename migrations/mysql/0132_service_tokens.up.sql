-- Tokens of service accounts: their hash alone, and their last characters, by which a person knows them again.
CREATE TABLE service_tokens (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    service_account_id BIGINT NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    hint VARCHAR(8) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    last_used_at DATETIME(6) NULL,
    last_used_addr VARCHAR(64) NOT NULL,
    created_by VARCHAR(255) NOT NULL,
    revoked_at DATETIME(6) NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT service_tokens_token_hash_key UNIQUE KEY (token_hash),
    KEY service_tokens_service_account_id_idx (service_account_id),
    KEY service_tokens_expires_at_idx (expires_at),
    CONSTRAINT service_tokens_service_account_id_fkey FOREIGN KEY (service_account_id) REFERENCES service_accounts (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
