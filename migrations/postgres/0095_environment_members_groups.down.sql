-- Members are members, whoever made them so.
ALTER TABLE environment_members DROP COLUMN identity_provider;
