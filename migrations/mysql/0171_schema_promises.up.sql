-- What a newer release promises to older ones that meet its schema: they may run on it if `oldest_version` is among the versions that they
-- know. A release that only adds leaves it alone. One that takes away what an older release needs raises it.
CREATE TABLE schema_promises (
    id BIGINT NOT NULL PRIMARY KEY,
    oldest_version BIGINT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT schema_promises_id_check CHECK (id = 1)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
