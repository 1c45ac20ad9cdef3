-- How far the nightly verification is: one row, moved by whoever takes the next few secrets.
CREATE TABLE verify_rounds (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    after_secret_id BIGINT NOT NULL,
    next_at DATETIME(6) NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
