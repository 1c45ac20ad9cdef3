-- Which of the identity providers a message was sent to, and what for. Empty: the one that is configured.
ALTER TABLE saml_requests
    ADD COLUMN purpose VARCHAR(16) NOT NULL DEFAULT 'sign_in',
    ADD COLUMN identity_provider_id BIGINT NULL,
    ADD COLUMN name_id TEXT NULL,
    ADD COLUMN arrived_epoch BIGINT NULL,
    ADD CONSTRAINT saml_requests_purpose_check CHECK (purpose IN ('sign_in', 'proof', 'test', 'logout')),
    ADD KEY saml_requests_identity_provider_id_idx (identity_provider_id),
    ADD CONSTRAINT saml_requests_identity_provider_id_fkey FOREIGN KEY (identity_provider_id) REFERENCES identity_providers (id) ON DELETE CASCADE;
