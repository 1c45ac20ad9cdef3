-- As it was before.
ALTER TABLE secret_versions DROP KEY secret_versions_key_id_id_idx, ADD KEY secret_versions_key_id_idx (key_id);
