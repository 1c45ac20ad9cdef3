-- Tokens of service accounts: their hash alone, and their last characters, by which a person knows them again.
CREATE TABLE service_tokens (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    service_account_id BIGINT NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    hint VARCHAR(8) NOT NULL,
    expires_at TEXT NOT NULL,
    last_used_at TEXT,
    last_used_addr VARCHAR(64) NOT NULL,
    created_by VARCHAR(255) NOT NULL,
    revoked_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT service_tokens_token_hash_check CHECK (length(token_hash) <= 64),
    CONSTRAINT service_tokens_hint_check CHECK (length(hint) <= 8),
    CONSTRAINT service_tokens_expires_at_check CHECK (expires_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT service_tokens_last_used_at_check CHECK (last_used_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT service_tokens_last_used_addr_check CHECK (length(last_used_addr) <= 64),
    CONSTRAINT service_tokens_created_by_check CHECK (length(created_by) <= 255),
    CONSTRAINT service_tokens_revoked_at_check CHECK (revoked_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT service_tokens_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT service_tokens_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT service_tokens_service_account_id_fkey FOREIGN KEY (service_account_id) REFERENCES service_accounts (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX service_tokens_token_hash_key ON service_tokens (token_hash);
CREATE INDEX service_tokens_service_account_id_idx ON service_tokens (service_account_id);
CREATE INDEX service_tokens_expires_at_idx ON service_tokens (expires_at);
