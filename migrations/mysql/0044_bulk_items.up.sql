-- One secret of a bulk operation, and what became of it.
CREATE TABLE bulk_items (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    operation_id BIGINT NOT NULL,
    secret_id BIGINT NOT NULL,
    state VARCHAR(16) NOT NULL,
    detail VARCHAR(1024) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT bulk_items_state_check CHECK (state IN ('waiting', 'done', 'same', 'refused', 'failed')),
    CONSTRAINT bulk_items_operation_id_secret_id_key UNIQUE KEY (operation_id, secret_id),
    KEY bulk_items_state_idx (state, id),
    KEY bulk_items_operation_idx (operation_id, id),
    KEY bulk_items_secret_id_idx (secret_id),
    CONSTRAINT bulk_items_operation_id_fkey FOREIGN KEY (operation_id) REFERENCES bulk_operations (id) ON DELETE CASCADE,
    CONSTRAINT bulk_items_secret_id_fkey FOREIGN KEY (secret_id) REFERENCES secrets (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
