-- How people may sign in: by single sign-on alone, or by password too.
CREATE TABLE sign_in_policy (
    id INTEGER NOT NULL PRIMARY KEY,
    sso_only BOOLEAN NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT sign_in_policy_id_check CHECK (id = 1),
    CONSTRAINT sign_in_policy_sso_only_check CHECK (sso_only IN (0, 1)),
    CONSTRAINT sign_in_policy_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT sign_in_policy_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z')
);
