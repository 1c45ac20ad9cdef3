-- The head of the audit chain: one row, id 1, that whoever appends an event locks last.
CREATE TABLE audit_head (
    id INTEGER NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    chain CHAR(64) NOT NULL,
    mac CHAR(64) NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT audit_head_chain_check CHECK (length(chain) = 64),
    CONSTRAINT audit_head_mac_check CHECK (length(mac) = 64),
    CONSTRAINT audit_head_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT audit_head_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT audit_head_id_check CHECK (id = 1)
);
