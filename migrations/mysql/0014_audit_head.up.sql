-- The head of the audit chain: one row, id 1, that whoever appends an event locks last.
CREATE TABLE audit_head (
    id BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    chain CHAR(64) NOT NULL,
    mac CHAR(64) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT audit_head_chain_check CHECK (char_length(chain) = 64),
    CONSTRAINT audit_head_mac_check CHECK (char_length(mac) = 64),
    CONSTRAINT audit_head_id_check CHECK (id = 1)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
