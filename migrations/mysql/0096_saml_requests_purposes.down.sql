-- Requests are sign-ins at the one provider that is configured.
ALTER TABLE saml_requests
    DROP FOREIGN KEY saml_requests_identity_provider_id_fkey,
    DROP CONSTRAINT saml_requests_purpose_check,
    DROP KEY saml_requests_identity_provider_id_idx,
    DROP COLUMN identity_provider_id,
    DROP COLUMN name_id,
    DROP COLUMN arrived_epoch,
    DROP COLUMN purpose;
