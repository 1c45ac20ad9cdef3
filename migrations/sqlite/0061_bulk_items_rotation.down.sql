-- What became of a secret is told in words alone. SQLite drops no column that refers to another table: the table is built anew.
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
    CONSTRAINT bulk_items_operation_id_fkey FOREIGN KEY (operation_id) REFERENCES bulk_operations (id) ON DELETE CASCADE,
    CONSTRAINT bulk_items_secret_id_fkey FOREIGN KEY (secret_id) REFERENCES secrets (id) ON DELETE CASCADE
);
INSERT INTO bulk_items_new (id, operation_id, secret_id, state, detail, created_at, updated_at)
SELECT id, operation_id, secret_id, state, detail, created_at, updated_at FROM bulk_items;
DROP TABLE bulk_items;
ALTER TABLE bulk_items_new RENAME TO bulk_items;
CREATE UNIQUE INDEX bulk_items_operation_id_secret_id_key ON bulk_items (operation_id, secret_id);
CREATE INDEX bulk_items_state_idx ON bulk_items (state, id);
CREATE INDEX bulk_items_operation_idx ON bulk_items (operation_id, id);
CREATE INDEX bulk_items_secret_id_idx ON bulk_items (secret_id);
