-- What a rewrap could not wrap anew, by name, and why.
CREATE TABLE rewrap_failures (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    rewrap_id BIGINT NOT NULL,
    place VARCHAR(32) NOT NULL,
    row_id BIGINT NOT NULL,
    label VARCHAR(500) NOT NULL,
    why VARCHAR(500) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT rewrap_failures_rewrap_id_place_row_id_key UNIQUE KEY (rewrap_id, place, row_id),
    CONSTRAINT rewrap_failures_rewrap_id_fkey FOREIGN KEY (rewrap_id) REFERENCES rewraps (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
