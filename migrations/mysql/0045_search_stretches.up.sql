-- The cards of an environment once more, in the order of a date (0: last change, 1: next rotation, 2: expiry): what a search by date reads.
CREATE TABLE search_stretches (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    environment_id BIGINT NOT NULL,
    edition BIGINT NOT NULL,
    dates BIGINT NOT NULL,
    low VARCHAR(64) NOT NULL,
    cards MEDIUMBLOB NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT search_stretches_low_key UNIQUE KEY (environment_id, edition, dates, low),
    CONSTRAINT search_stretches_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
