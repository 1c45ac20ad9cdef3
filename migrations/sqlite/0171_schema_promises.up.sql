-- What a newer release promises to older ones that meet its schema: they may run on it if `oldest_version` is among the versions that they
-- know. A release that only adds leaves it alone. One that takes away what an older release needs raises it.
CREATE TABLE schema_promises (
    id INTEGER NOT NULL PRIMARY KEY,
    oldest_version BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT schema_promises_id_check CHECK (id = 1),
    CONSTRAINT schema_promises_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT schema_promises_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z')
);
