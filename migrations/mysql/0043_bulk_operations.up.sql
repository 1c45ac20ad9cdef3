-- One act on many secrets, as it was asked for; what became of each is in bulk_items.
CREATE TABLE bulk_operations (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id BIGINT NULL,
    kind VARCHAR(16) NOT NULL,
    tags TEXT NOT NULL,
    reason VARCHAR(1024) NOT NULL,
    state VARCHAR(16) NOT NULL,
    total BIGINT NOT NULL,
    client VARCHAR(64) NOT NULL,
    request_id VARCHAR(64) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT bulk_operations_kind_check CHECK (kind IN ('tag', 'sync', 'switch_off')),
    CONSTRAINT bulk_operations_state_check CHECK (state IN ('running', 'done')),
    CONSTRAINT bulk_operations_total_check CHECK (total >= 1),
    KEY bulk_operations_state_idx (state, id),
    KEY bulk_operations_user_id_idx (user_id, id),
    CONSTRAINT bulk_operations_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
