-- Those that are wrapped with one key, in the order of their ids: a rewrap walks along it.
CREATE INDEX secret_versions_key_id_id_idx ON secret_versions (key_id, id);
DROP INDEX secret_versions_key_id_idx;
