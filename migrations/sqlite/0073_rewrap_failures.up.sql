-- What a rewrap could not wrap anew, by name, and why.
CREATE TABLE rewrap_failures (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    rewrap_id BIGINT NOT NULL,
    place VARCHAR(32) NOT NULL,
    row_id BIGINT NOT NULL,
    label VARCHAR(500) NOT NULL,
    why VARCHAR(500) NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT rewrap_failures_place_check CHECK (length(place) <= 32),
    CONSTRAINT rewrap_failures_label_check CHECK (length(label) <= 500),
    CONSTRAINT rewrap_failures_why_check CHECK (length(why) <= 500),
    CONSTRAINT rewrap_failures_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT rewrap_failures_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT rewrap_failures_rewrap_id_fkey FOREIGN KEY (rewrap_id) REFERENCES rewraps (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX rewrap_failures_rewrap_id_place_row_id_key ON rewrap_failures (rewrap_id, place, row_id);
