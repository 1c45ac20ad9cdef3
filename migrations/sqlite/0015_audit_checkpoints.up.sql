-- Signed states of the audit chain that can be kept elsewhere and compared later.
CREATE TABLE audit_checkpoints (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    seq BIGINT NOT NULL,
    chain CHAR(64) NOT NULL,
    signature VARCHAR(128) NOT NULL,
    public_key VARCHAR(64) NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT audit_checkpoints_chain_check CHECK (length(chain) = 64),
    CONSTRAINT audit_checkpoints_signature_check CHECK (length(signature) <= 128),
    CONSTRAINT audit_checkpoints_public_key_check CHECK (length(public_key) <= 64),
    CONSTRAINT audit_checkpoints_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT audit_checkpoints_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z')
);
CREATE UNIQUE INDEX audit_checkpoints_seq_key ON audit_checkpoints (seq);
