-- People who sign in: by SAML, by password or as a demo persona; their role, and the bookkeeping of failed sign-ins.
CREATE TABLE users (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    username VARCHAR(255) NOT NULL,
    email VARCHAR(255) NULL,
    display_name VARCHAR(255) NOT NULL,
    auth_method VARCHAR(16) NOT NULL,
    role VARCHAR(16) NOT NULL,
    password_hash VARCHAR(255) NULL,
    identity_provider VARCHAR(255) NULL,
    saml_subject_id VARCHAR(255) NULL,
    is_active TINYINT(1) NOT NULL,
    auth_epoch BIGINT NOT NULL,
    failed_count BIGINT NOT NULL,
    failed_at DATETIME(6) NULL,
    last_login_at DATETIME(6) NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT users_auth_method_check CHECK (auth_method IN ('saml', 'database', 'demo')),
    CONSTRAINT users_role_check CHECK (role IN ('user', 'manager', 'admin')),
    CONSTRAINT users_is_active_check CHECK (is_active IN (0, 1)),
    CONSTRAINT users_username_key UNIQUE KEY (username),
    CONSTRAINT users_identity_provider_saml_subject_id_key UNIQUE KEY (identity_provider, saml_subject_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
