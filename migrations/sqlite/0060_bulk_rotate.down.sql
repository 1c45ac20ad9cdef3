-- The kinds that were known before: what was rotated in one go is forgotten as an operation, and stays as rotations.
CREATE TABLE bulk_operations_new (
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
INSERT INTO bulk_operations_new (id, user_id, kind, tags, reason, state, total, client, request_id, created_at, updated_at)
SELECT id, user_id, kind, tags, reason, state, total, client, request_id, created_at, updated_at FROM bulk_operations WHERE kind <> 'rotate';
CREATE TABLE bulk_items_new (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    operation_id BIGINT NOT NULL,
    secret_id BIGINT NOT NULL,
    state VARCHAR(16) NOT NULL,
    detail VARCHAR(1024) NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT bulk_items_state_check CHECK (state IN ('waiting', 'done', 'same', 'refused', 'failed')),
    CONSTRAINT bulk_items_detail_check CHECK (length(detail) <= 1024),
    CONSTRAINT bulk_items_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT bulk_items_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT bulk_items_operation_id_fkey FOREIGN KEY (operation_id) REFERENCES bulk_operations_new (id) ON DELETE CASCADE,
    CONSTRAINT bulk_items_secret_id_fkey FOREIGN KEY (secret_id) REFERENCES secrets (id) ON DELETE CASCADE
);
INSERT INTO bulk_items_new (id, operation_id, secret_id, state, detail, created_at, updated_at)
SELECT id, operation_id, secret_id, state, detail, created_at, updated_at FROM bulk_items
WHERE operation_id IN (SELECT id FROM bulk_operations_new);
DROP TABLE bulk_items;
DROP TABLE bulk_operations;
ALTER TABLE bulk_operations_new RENAME TO bulk_operations;
ALTER TABLE bulk_items_new RENAME TO bulk_items;
CREATE INDEX bulk_operations_state_idx ON bulk_operations (state, id);
CREATE INDEX bulk_operations_user_id_idx ON bulk_operations (user_id, id);
CREATE UNIQUE INDEX bulk_items_operation_id_secret_id_key ON bulk_items (operation_id, secret_id);
CREATE INDEX bulk_items_state_idx ON bulk_items (state, id);
CREATE INDEX bulk_items_operation_idx ON bulk_items (operation_id, id);
CREATE INDEX bulk_items_secret_id_idx ON bulk_items (secret_id);
