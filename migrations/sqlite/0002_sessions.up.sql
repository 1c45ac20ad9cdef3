-- Signed-in browsers: a hash of each cookie's token, the session's record as JSON, and when it was last seen, last proved and ends.
CREATE TABLE sessions (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    token_hash VARCHAR(64) NOT NULL,
    user_id BIGINT NOT NULL,
    data TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    proved_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    client_addr VARCHAR(64) NOT NULL,
    user_agent VARCHAR(255) NOT NULL,
    saml_session_index VARCHAR(255),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT sessions_token_hash_check CHECK (length(token_hash) <= 64),
    CONSTRAINT sessions_last_seen_at_check CHECK (last_seen_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT sessions_proved_at_check CHECK (proved_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT sessions_expires_at_check CHECK (expires_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT sessions_client_addr_check CHECK (length(client_addr) <= 64),
    CONSTRAINT sessions_user_agent_check CHECK (length(user_agent) <= 255),
    CONSTRAINT sessions_saml_session_index_check CHECK (length(saml_session_index) <= 255),
    CONSTRAINT sessions_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT sessions_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX sessions_token_hash_key ON sessions (token_hash);
CREATE INDEX sessions_user_id_idx ON sessions (user_id);
CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);
