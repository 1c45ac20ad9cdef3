-- People who sign in: by SAML, by password or as a demo persona; their role, and the bookkeeping of failed sign-ins.
CREATE TABLE users (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    username VARCHAR(255) NOT NULL,
    email VARCHAR(255),
    display_name VARCHAR(255) NOT NULL,
    auth_method VARCHAR(16) NOT NULL,
    role VARCHAR(16) NOT NULL,
    password_hash VARCHAR(255),
    identity_provider VARCHAR(255),
    saml_subject_id VARCHAR(255),
    is_active BOOLEAN NOT NULL,
    auth_epoch BIGINT NOT NULL,
    failed_count BIGINT NOT NULL,
    failed_at TEXT,
    last_login_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT users_username_check CHECK (length(username) <= 255),
    CONSTRAINT users_email_check CHECK (length(email) <= 255),
    CONSTRAINT users_display_name_check CHECK (length(display_name) <= 255),
    CONSTRAINT users_auth_method_check CHECK (auth_method IN ('saml', 'database', 'demo')),
    CONSTRAINT users_role_check CHECK (role IN ('user', 'manager', 'admin')),
    CONSTRAINT users_password_hash_check CHECK (length(password_hash) <= 255),
    CONSTRAINT users_identity_provider_check CHECK (length(identity_provider) <= 255),
    CONSTRAINT users_saml_subject_id_check CHECK (length(saml_subject_id) <= 255),
    CONSTRAINT users_is_active_check CHECK (is_active IN (0, 1)),
    CONSTRAINT users_failed_at_check CHECK (failed_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT users_last_login_at_check CHECK (last_login_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT users_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT users_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z')
);
CREATE UNIQUE INDEX users_username_key ON users (username);
CREATE UNIQUE INDEX users_identity_provider_saml_subject_id_key ON users (identity_provider, saml_subject_id);
