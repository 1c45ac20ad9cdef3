-- Takes back 0029: the table is there again, its words come with the next change of each secret.
CREATE TABLE secret_terms (
    id INTEGER NOT NULL PRIMARY KEY,
    secret_id BIGINT NOT NULL,
    environment_id BIGINT NOT NULL,
    term VARCHAR(64) NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT secret_terms_term_check CHECK (length(term) <= 64),
    CONSTRAINT secret_terms_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT secret_terms_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT secret_terms_secret_id_fkey FOREIGN KEY (secret_id) REFERENCES secrets (id) ON DELETE CASCADE,
    CONSTRAINT secret_terms_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id)
);
CREATE UNIQUE INDEX secret_terms_secret_id_term_key ON secret_terms (secret_id, term);
CREATE INDEX secret_terms_term_idx ON secret_terms (term, secret_id);
CREATE INDEX secret_terms_environment_term_idx ON secret_terms (environment_id, term, secret_id);
