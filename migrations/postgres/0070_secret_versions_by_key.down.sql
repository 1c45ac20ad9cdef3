-- As it was before.
DROP INDEX secret_versions_key_id_id_idx;
CREATE INDEX secret_versions_key_id_idx ON secret_versions (key_id);
