-- Which of the identity providers a message was sent to, and what for. Empty: the one that is configured.
ALTER TABLE saml_requests ADD COLUMN purpose VARCHAR(16) NOT NULL DEFAULT 'sign_in' CONSTRAINT saml_requests_purpose_check CHECK (purpose IN ('sign_in', 'proof', 'test', 'logout'));
ALTER TABLE saml_requests ADD COLUMN identity_provider_id BIGINT CONSTRAINT saml_requests_identity_provider_id_fkey REFERENCES identity_providers (id) ON DELETE CASCADE;
ALTER TABLE saml_requests ADD COLUMN name_id TEXT;
ALTER TABLE saml_requests ADD COLUMN arrived_epoch BIGINT;
CREATE INDEX saml_requests_identity_provider_id_idx ON saml_requests (identity_provider_id);
