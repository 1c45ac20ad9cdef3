-- Signed states of the audit chain that can be kept elsewhere and compared later.
CREATE TABLE audit_checkpoints (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    seq BIGINT NOT NULL,
    chain CHAR(64) NOT NULL,
    signature VARCHAR(128) NOT NULL,
    public_key VARCHAR(64) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT audit_checkpoints_chain_check CHECK (char_length(chain) = 64),
    CONSTRAINT audit_checkpoints_seq_key UNIQUE KEY (seq)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
