-- What arrived with a sign-in that was tested or refused, each check with its verdict. For admins, and not for long.
CREATE TABLE saml_reports (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    reference VARCHAR(64) NOT NULL,
    identity_provider_id BIGINT,
    is_test BOOLEAN NOT NULL,
    user_id BIGINT,
    subject VARCHAR(255) NOT NULL,
    report TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT saml_reports_reference_check CHECK (length(reference) <= 64),
    CONSTRAINT saml_reports_is_test_check CHECK (is_test IN (0, 1)),
    CONSTRAINT saml_reports_subject_check CHECK (length(subject) <= 255),
    CONSTRAINT saml_reports_expires_at_check CHECK (expires_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT saml_reports_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT saml_reports_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT saml_reports_identity_provider_id_fkey FOREIGN KEY (identity_provider_id) REFERENCES identity_providers (id) ON DELETE CASCADE,
    CONSTRAINT saml_reports_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX saml_reports_reference_key ON saml_reports (reference);
CREATE INDEX saml_reports_identity_provider_id_idx ON saml_reports (identity_provider_id);
CREATE INDEX saml_reports_user_id_idx ON saml_reports (user_id);
CREATE INDEX saml_reports_expires_at_idx ON saml_reports (expires_at);
