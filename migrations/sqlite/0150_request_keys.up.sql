-- What programs call their requests, so that each is done once: a keyed hash of the request, the event that tells of its change, and what it was answered by. Never a body.
CREATE TABLE request_keys (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    caller VARCHAR(64) NOT NULL,
    key_hash VARCHAR(64) NOT NULL,
    fingerprint VARCHAR(64) NOT NULL,
    attempt BIGINT NOT NULL,
    event_seq BIGINT,
    status BIGINT,
    resource VARCHAR(16),
    resource_ids TEXT,
    lease_until TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT request_keys_caller_check CHECK (length(caller) <= 64),
    CONSTRAINT request_keys_key_hash_check CHECK (length(key_hash) <= 64),
    CONSTRAINT request_keys_fingerprint_check CHECK (length(fingerprint) <= 64),
    CONSTRAINT request_keys_attempt_check CHECK (attempt > 0),
    CONSTRAINT request_keys_status_check CHECK (status >= 200 AND status < 300),
    CONSTRAINT request_keys_resource_check CHECK (length(resource) <= 16),
    CONSTRAINT request_keys_lease_until_check CHECK (lease_until GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT request_keys_expires_at_check CHECK (expires_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT request_keys_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT request_keys_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z')
);
CREATE UNIQUE INDEX request_keys_caller_key_hash_key ON request_keys (caller, key_hash);
CREATE INDEX request_keys_expires_at_idx ON request_keys (expires_at);
