-- Which of the identity providers a message was sent to, and what for. Empty: the one that is configured.
ALTER TABLE saml_requests
    ADD COLUMN purpose VARCHAR(16) COLLATE "C" NOT NULL DEFAULT 'sign_in',
    ADD COLUMN identity_provider_id BIGINT,
    ADD COLUMN name_id TEXT COLLATE "C",
    ADD COLUMN arrived_epoch BIGINT,
    ADD CONSTRAINT saml_requests_purpose_check CHECK (purpose IN ('sign_in', 'proof', 'test', 'logout')),
    ADD CONSTRAINT saml_requests_identity_provider_id_fkey FOREIGN KEY (identity_provider_id) REFERENCES identity_providers (id) ON DELETE CASCADE;
CREATE INDEX saml_requests_identity_provider_id_idx ON saml_requests (identity_provider_id);
