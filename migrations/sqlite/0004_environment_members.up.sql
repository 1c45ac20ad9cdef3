-- Who may enter an environment whose access is members.
CREATE TABLE environment_members (
    id INTEGER NOT NULL PRIMARY KEY,
    environment_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT environment_members_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT environment_members_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT environment_members_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id) ON DELETE CASCADE,
    CONSTRAINT environment_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX environment_members_environment_id_user_id_key ON environment_members (environment_id, user_id);
CREATE INDEX environment_members_user_id_idx ON environment_members (user_id);
