-- Requests are sign-ins at the one provider that is configured.
ALTER TABLE saml_requests DROP COLUMN identity_provider_id, DROP COLUMN name_id, DROP COLUMN arrived_epoch, DROP COLUMN purpose;
