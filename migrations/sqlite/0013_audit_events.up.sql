-- The append-only, chained log; columns beside payload serve filters; no foreign keys on purpose: it outlives what it tells of.
CREATE TABLE audit_events (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    seq BIGINT NOT NULL,
    at TEXT NOT NULL,
    actor_kind VARCHAR(16) NOT NULL,
    actor_id BIGINT,
    actor_name VARCHAR(255) NOT NULL,
    action VARCHAR(64) NOT NULL,
    outcome VARCHAR(16) NOT NULL,
    environment_id BIGINT,
    secret_id BIGINT,
    target VARCHAR(512) NOT NULL,
    payload TEXT NOT NULL,
    payload_hash CHAR(64) NOT NULL,
    chain CHAR(64) NOT NULL,
    mac CHAR(64) NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT audit_events_at_check CHECK (at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT audit_events_actor_kind_check CHECK (actor_kind IN ('user', 'operator', 'system', 'service', 'anonymous')),
    CONSTRAINT audit_events_actor_name_check CHECK (length(actor_name) <= 255),
    CONSTRAINT audit_events_action_check CHECK (length(action) <= 64),
    CONSTRAINT audit_events_outcome_check CHECK (outcome IN ('ok', 'refused', 'failed')),
    CONSTRAINT audit_events_target_check CHECK (length(target) <= 512),
    CONSTRAINT audit_events_payload_hash_check CHECK (length(payload_hash) = 64),
    CONSTRAINT audit_events_chain_check CHECK (length(chain) = 64),
    CONSTRAINT audit_events_mac_check CHECK (length(mac) = 64),
    CONSTRAINT audit_events_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT audit_events_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z')
);
CREATE UNIQUE INDEX audit_events_seq_key ON audit_events (seq);
CREATE INDEX audit_events_environment_id_idx ON audit_events (environment_id, seq);
CREATE INDEX audit_events_secret_id_idx ON audit_events (secret_id, seq);
CREATE INDEX audit_events_actor_id_idx ON audit_events (actor_id, seq);
CREATE INDEX audit_events_action_idx ON audit_events (action, seq);
CREATE INDEX audit_events_at_idx ON audit_events (at);
