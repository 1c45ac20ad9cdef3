-- Sign-ins that were sent to an identity provider: which browser they belong to, what they come back to, and that they are used once.
CREATE TABLE saml_requests (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    request_id VARCHAR(64) NOT NULL,
    browser_hash VARCHAR(64) NOT NULL,
    client_addr VARCHAR(64) NOT NULL,
    next VARCHAR(1024) NOT NULL,
    session_hash VARCHAR(64),
    prove_user_id BIGINT,
    used_at TEXT,
    arrived_user_id BIGINT,
    session_index VARCHAR(255),
    session_ends_at TEXT,
    expires_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT saml_requests_request_id_check CHECK (length(request_id) <= 64),
    CONSTRAINT saml_requests_browser_hash_check CHECK (length(browser_hash) <= 64),
    CONSTRAINT saml_requests_client_addr_check CHECK (length(client_addr) <= 64),
    CONSTRAINT saml_requests_next_check CHECK (length(next) <= 1024),
    CONSTRAINT saml_requests_session_hash_check CHECK (length(session_hash) <= 64),
    CONSTRAINT saml_requests_session_index_check CHECK (length(session_index) <= 255),
    CONSTRAINT saml_requests_used_at_check CHECK (used_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT saml_requests_session_ends_at_check CHECK (session_ends_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT saml_requests_expires_at_check CHECK (expires_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT saml_requests_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT saml_requests_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT saml_requests_prove_user_id_fkey FOREIGN KEY (prove_user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT saml_requests_arrived_user_id_fkey FOREIGN KEY (arrived_user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX saml_requests_request_id_key ON saml_requests (request_id);
CREATE INDEX saml_requests_client_addr_idx ON saml_requests (client_addr);
CREATE INDEX saml_requests_prove_user_id_idx ON saml_requests (prove_user_id);
CREATE INDEX saml_requests_arrived_user_id_idx ON saml_requests (arrived_user_id);
CREATE INDEX saml_requests_expires_at_idx ON saml_requests (expires_at);
