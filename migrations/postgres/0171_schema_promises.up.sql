-- What a newer release promises to older ones that meet its schema: they may run on it if `oldest_version` is among the versions that they
-- know. A release that only adds leaves it alone. One that takes away what an older release needs raises it.
CREATE TABLE schema_promises (
    id BIGINT PRIMARY KEY,
    oldest_version BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,

    CONSTRAINT schema_promises_id_check CHECK (id = 1)
);
