-- A database server whose users' passwords Keeper changes, with the administrator that Keeper is there; its password is sealed like a value.
-- Two tables that nothing else leans on yet: said so that the file can be run again when it broke off between them.
CREATE TABLE IF NOT EXISTS sources (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    environment_id BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,
    engine VARCHAR(16) NOT NULL,
    host VARCHAR(255) NOT NULL,
    port BIGINT NOT NULL,
    database_name VARCHAR(64) NOT NULL,
    tls VARCHAR(16) NOT NULL,
    authority TEXT NOT NULL,
    user_name VARCHAR(80) NOT NULL,
    ciphertext MEDIUMBLOB NOT NULL,
    nonce VARBINARY(32) NOT NULL,
    wrapped_key VARBINARY(1024) NOT NULL,
    key_id VARCHAR(255) NOT NULL,
    row_version BIGINT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT sources_name_check CHECK (name <> ''),
    CONSTRAINT sources_engine_check CHECK (engine IN ('postgresql', 'mysql')),
    CONSTRAINT sources_host_check CHECK (host <> ''),
    CONSTRAINT sources_port_check CHECK (port BETWEEN 1 AND 65535),
    CONSTRAINT sources_tls_check CHECK (tls IN ('machine', 'authority', 'off')),
    CONSTRAINT sources_authority_check CHECK ((tls = 'authority') = (authority <> '')),
    CONSTRAINT sources_user_name_check CHECK (user_name <> ''),
    CONSTRAINT sources_row_version_check CHECK (row_version >= 1),
    CONSTRAINT sources_environment_id_name_key UNIQUE KEY (environment_id, name),
    CONSTRAINT sources_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- How a secret's value is changed where it is used: whose password it is at which source. A secret without such a row is changed in Keeper alone.
CREATE TABLE IF NOT EXISTS secret_sources (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    secret_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    account_name VARCHAR(80) NOT NULL,
    account_host VARCHAR(255) NULL,
    second_name VARCHAR(80) NULL,
    second_host VARCHAR(255) NULL,
    shape VARCHAR(16) NOT NULL,
    row_version BIGINT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT secret_sources_account_name_check CHECK (account_name <> ''),
    CONSTRAINT secret_sources_account_host_check CHECK (account_host <> ''),
    CONSTRAINT secret_sources_second_name_check CHECK (second_name <> ''),
    CONSTRAINT secret_sources_second_host_check CHECK (second_host <> '' AND second_name IS NOT NULL OR second_host IS NULL),
    CONSTRAINT secret_sources_shape_check CHECK (shape IN ('password', 'json')),
    CONSTRAINT secret_sources_turns_check CHECK (second_name IS NULL OR shape = 'json'),
    CONSTRAINT secret_sources_row_version_check CHECK (row_version >= 1),
    CONSTRAINT secret_sources_secret_id_key UNIQUE KEY (secret_id),
    KEY secret_sources_source_id_idx (source_id),
    CONSTRAINT secret_sources_secret_id_fkey FOREIGN KEY (secret_id) REFERENCES secrets (id) ON DELETE CASCADE,
    CONSTRAINT secret_sources_source_id_fkey FOREIGN KEY (source_id) REFERENCES sources (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
