-- The head of the audit chain: one row, id 1, that whoever appends an event locks last.
CREATE TABLE audit_head (
    id BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    chain VARCHAR(64) COLLATE "C" NOT NULL,
    mac VARCHAR(64) COLLATE "C" NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,

    CONSTRAINT audit_head_chain_check CHECK (char_length(chain) = 64),
    CONSTRAINT audit_head_mac_check CHECK (char_length(mac) = 64),
    CONSTRAINT audit_head_id_check CHECK (id = 1)
);
