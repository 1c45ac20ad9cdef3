-- The cards of an environment once more, in the order of a date (0: last change, 1: next rotation, 2: expiry): what a search by date reads.
CREATE TABLE search_stretches (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    environment_id BIGINT NOT NULL,
    edition BIGINT NOT NULL,
    dates BIGINT NOT NULL,
    low TEXT NOT NULL,
    cards BLOB NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT search_stretches_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT search_stretches_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT search_stretches_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id)
);
CREATE UNIQUE INDEX search_stretches_low_key ON search_stretches (environment_id, edition, dates, low);
