-- One act on many secrets, as it was asked for; what became of each is in bulk_items.
CREATE TABLE bulk_operations (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT,
    kind VARCHAR(16) NOT NULL,
    tags TEXT NOT NULL,
    reason VARCHAR(1024) NOT NULL,
    state VARCHAR(16) NOT NULL,
    total BIGINT NOT NULL,
    client VARCHAR(64) NOT NULL,
    request_id VARCHAR(64) NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT bulk_operations_kind_check CHECK (kind IN ('tag', 'sync', 'switch_off')),
    CONSTRAINT bulk_operations_state_check CHECK (state IN ('running', 'done')),
    CONSTRAINT bulk_operations_total_check CHECK (total >= 1),
    CONSTRAINT bulk_operations_reason_check CHECK (length(reason) <= 1024),
    CONSTRAINT bulk_operations_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT bulk_operations_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT bulk_operations_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX bulk_operations_state_idx ON bulk_operations (state, id);
CREATE INDEX bulk_operations_user_id_idx ON bulk_operations (user_id, id);
