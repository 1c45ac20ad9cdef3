-- Assertions that were believed, until they could not be shown again.
CREATE TABLE saml_assertions (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    assertion_hash VARCHAR(64) NOT NULL,
    expires_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT saml_assertions_assertion_hash_check CHECK (length(assertion_hash) <= 64),
    CONSTRAINT saml_assertions_expires_at_check CHECK (expires_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT saml_assertions_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT saml_assertions_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z')
);
CREATE UNIQUE INDEX saml_assertions_assertion_hash_key ON saml_assertions (assertion_hash);
CREATE INDEX saml_assertions_expires_at_idx ON saml_assertions (expires_at);
