-- Those that are wrapped with one key, in the order of their ids: a rewrap walks along it.
ALTER TABLE secret_versions ADD KEY secret_versions_key_id_id_idx (key_id, id), DROP KEY secret_versions_key_id_idx;
