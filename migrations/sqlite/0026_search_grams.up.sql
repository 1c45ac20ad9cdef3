-- On which shelves a run of two, three or four letters occurs: one bit for each shelf.
CREATE TABLE search_grams (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    gram VARCHAR(4) NOT NULL,
    shelves BLOB NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT search_grams_gram_check CHECK (length(gram) <= 4),
    CONSTRAINT search_grams_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT search_grams_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z')
);
CREATE UNIQUE INDEX search_grams_gram_key ON search_grams (gram);
