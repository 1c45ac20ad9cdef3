-- Those that are wrapped with one key, in the order of their ids: a rewrap walks along it.
ALTER TABLE rotation_requests ADD KEY rotation_requests_key_id_id_idx (key_id, id);
