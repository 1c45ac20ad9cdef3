-- What was found before is found again the next night.
DROP TABLE IF EXISTS verifications;
CREATE TABLE verifications (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    secret_id BIGINT NOT NULL,
    place VARCHAR(16) NOT NULL,
    outcome VARCHAR(16) NOT NULL,
    detail VARCHAR(1024) NOT NULL,
    checked_at DATETIME(6) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT verifications_place_check CHECK (place IN ('source', 'aws', 'vault')),
    CONSTRAINT verifications_outcome_check CHECK (outcome IN ('equal', 'differs', 'missing', 'refused', 'unknown')),
    CONSTRAINT verifications_secret_id_place_key UNIQUE KEY (secret_id, place),
    CONSTRAINT verifications_secret_id_fkey FOREIGN KEY (secret_id) REFERENCES secrets (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
