-- How people may sign in: by single sign-on alone, or by password too.
CREATE TABLE sign_in_policy (
    id BIGINT NOT NULL PRIMARY KEY,
    sso_only BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,

    CONSTRAINT sign_in_policy_id_check CHECK (id = 1)
);
