-- What was found before is found again the next night.
DROP TABLE verifications;
CREATE TABLE verifications (
    id INTEGER NOT NULL PRIMARY KEY,
    secret_id BIGINT NOT NULL,
    place VARCHAR(16) NOT NULL,
    outcome VARCHAR(16) NOT NULL,
    detail VARCHAR(1024) NOT NULL,
    checked_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT verifications_place_check CHECK (place IN ('source', 'aws', 'vault')),
    CONSTRAINT verifications_outcome_check CHECK (outcome IN ('equal', 'differs', 'missing', 'refused', 'unknown')),
    CONSTRAINT verifications_detail_check CHECK (length(detail) <= 1024),
    CONSTRAINT verifications_checked_at_check CHECK (checked_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT verifications_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT verifications_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT verifications_secret_id_fkey FOREIGN KEY (secret_id) REFERENCES secrets (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX verifications_secret_id_place_key ON verifications (secret_id, place);
