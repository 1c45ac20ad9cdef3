-- How people may sign in: by single sign-on alone, or by password too.
CREATE TABLE sign_in_policy (
    id BIGINT NOT NULL PRIMARY KEY,
    sso_only TINYINT(1) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT sign_in_policy_id_check CHECK (id = 1),
    CONSTRAINT sign_in_policy_sso_only_check CHECK (sso_only IN (0, 1))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
