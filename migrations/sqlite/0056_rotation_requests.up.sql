-- What a rotation that waits for another person asks for: a typed value (sealed until it is decided on), one that Keeper makes, or a
-- former version. With the row version that it was asked on, and who decided.
CREATE TABLE rotation_requests (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    rotation_id BIGINT NOT NULL,
    uid CHAR(32) NOT NULL,
    seen_row_version BIGINT NOT NULL,
    policy VARCHAR(160),
    former BIGINT,
    digest BLOB,
    length BIGINT,
    public_half TEXT,
    ciphertext BLOB,
    nonce BLOB,
    wrapped_key BLOB,
    key_id VARCHAR(255),
    expires_at TEXT NOT NULL,
    decider_id BIGINT,
    decider_name VARCHAR(255),
    remark VARCHAR(1024) NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT rotation_requests_uid_check CHECK (length(uid) = 32),
    CONSTRAINT rotation_requests_former_check CHECK (former >= 1),
    CONSTRAINT rotation_requests_policy_former_check CHECK (policy IS NULL OR former IS NULL),
    CONSTRAINT rotation_requests_sealed_check CHECK ((ciphertext IS NULL) = (wrapped_key IS NULL)),
    CONSTRAINT rotation_requests_policy_length_check CHECK (length(policy) <= 160),
    CONSTRAINT rotation_requests_nonce_check CHECK (length(nonce) <= 32),
    CONSTRAINT rotation_requests_wrapped_key_check CHECK (length(wrapped_key) <= 1024),
    CONSTRAINT rotation_requests_key_id_check CHECK (length(key_id) <= 255),
    CONSTRAINT rotation_requests_decider_name_check CHECK (length(decider_name) <= 255),
    CONSTRAINT rotation_requests_remark_check CHECK (length(remark) <= 1024),
    CONSTRAINT rotation_requests_expires_at_check CHECK (expires_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT rotation_requests_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT rotation_requests_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT rotation_requests_rotation_id_fkey FOREIGN KEY (rotation_id) REFERENCES rotations (id) ON DELETE CASCADE,
    CONSTRAINT rotation_requests_decider_id_fkey FOREIGN KEY (decider_id) REFERENCES users (id)
);
CREATE UNIQUE INDEX rotation_requests_rotation_id_key ON rotation_requests (rotation_id);
CREATE INDEX rotation_requests_decider_id_idx ON rotation_requests (decider_id);
