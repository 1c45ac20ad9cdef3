-- Requests are sign-ins at the one provider that is configured.
DROP INDEX saml_requests_identity_provider_id_idx;
ALTER TABLE saml_requests DROP COLUMN identity_provider_id;
ALTER TABLE saml_requests DROP COLUMN arrived_epoch;
ALTER TABLE saml_requests DROP COLUMN name_id;
ALTER TABLE saml_requests DROP COLUMN purpose;
