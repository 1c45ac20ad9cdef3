-- The folded texts of some hundred secrets of one environment, in the order of their names: what a search reads.
CREATE TABLE search_shelves (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    environment_id BIGINT NOT NULL,
    cards BLOB NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT search_shelves_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT search_shelves_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT search_shelves_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id)
);
CREATE INDEX search_shelves_environment_id_idx ON search_shelves (environment_id);
