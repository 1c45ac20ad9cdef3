-- A database server whose users' passwords Keeper changes, with the administrator that Keeper is there; its password is sealed like a value.
CREATE TABLE sources (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    environment_id BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,
    engine VARCHAR(16) NOT NULL,
    host VARCHAR(255) NOT NULL,
    port BIGINT NOT NULL,
    database_name VARCHAR(64) NOT NULL,
    tls VARCHAR(16) NOT NULL,
    authority TEXT NOT NULL,
    user_name VARCHAR(80) NOT NULL,
    ciphertext BLOB NOT NULL,
    nonce BLOB NOT NULL,
    wrapped_key BLOB NOT NULL,
    key_id VARCHAR(255) NOT NULL,
    row_version BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT sources_name_check CHECK (length(name) BETWEEN 1 AND 64),
    CONSTRAINT sources_engine_check CHECK (engine IN ('postgresql', 'mysql')),
    CONSTRAINT sources_host_check CHECK (length(host) BETWEEN 1 AND 255),
    CONSTRAINT sources_port_check CHECK (port BETWEEN 1 AND 65535),
    CONSTRAINT sources_database_name_check CHECK (length(database_name) <= 64),
    CONSTRAINT sources_tls_check CHECK (tls IN ('machine', 'authority', 'off')),
    CONSTRAINT sources_authority_check CHECK ((tls = 'authority') = (authority <> '')),
    CONSTRAINT sources_user_name_check CHECK (length(user_name) BETWEEN 1 AND 80),
    CONSTRAINT sources_nonce_check CHECK (length(nonce) <= 32),
    CONSTRAINT sources_wrapped_key_check CHECK (length(wrapped_key) <= 1024),
    CONSTRAINT sources_key_id_check CHECK (length(key_id) <= 255),
    CONSTRAINT sources_row_version_check CHECK (row_version >= 1),
    CONSTRAINT sources_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT sources_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT sources_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id)
);
CREATE UNIQUE INDEX sources_environment_id_name_key ON sources (environment_id, name);

-- How a secret's value is changed where it is used: whose password it is at which source. A secret without such a row is changed in Keeper alone.
CREATE TABLE secret_sources (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    secret_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    account_name VARCHAR(80) NOT NULL,
    account_host VARCHAR(255),
    second_name VARCHAR(80),
    second_host VARCHAR(255),
    shape VARCHAR(16) NOT NULL,
    row_version BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT secret_sources_account_name_check CHECK (length(account_name) BETWEEN 1 AND 80),
    CONSTRAINT secret_sources_account_host_check CHECK (length(account_host) BETWEEN 1 AND 255),
    CONSTRAINT secret_sources_second_name_check CHECK (length(second_name) BETWEEN 1 AND 80),
    CONSTRAINT secret_sources_second_host_check CHECK (length(second_host) BETWEEN 1 AND 255 AND second_name IS NOT NULL OR second_host IS NULL),
    CONSTRAINT secret_sources_shape_check CHECK (shape IN ('password', 'json')),
    CONSTRAINT secret_sources_turns_check CHECK (second_name IS NULL OR shape = 'json'),
    CONSTRAINT secret_sources_row_version_check CHECK (row_version >= 1),
    CONSTRAINT secret_sources_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT secret_sources_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT secret_sources_secret_id_fkey FOREIGN KEY (secret_id) REFERENCES secrets (id) ON DELETE CASCADE,
    CONSTRAINT secret_sources_source_id_fkey FOREIGN KEY (source_id) REFERENCES sources (id)
);
CREATE UNIQUE INDEX secret_sources_secret_id_key ON secret_sources (secret_id);
CREATE INDEX secret_sources_source_id_idx ON secret_sources (source_id);
