-- Whom a group of an identity provider made a member: its entity id. Empty: an admin did.
ALTER TABLE environment_members ADD COLUMN identity_provider VARCHAR(255) CONSTRAINT environment_members_identity_provider_check CHECK (length(identity_provider) <= 255);
