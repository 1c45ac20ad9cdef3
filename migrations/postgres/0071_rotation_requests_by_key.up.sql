-- Those that are wrapped with one key, in the order of their ids: a rewrap walks along it.
CREATE INDEX rotation_requests_key_id_id_idx ON rotation_requests (key_id, id);
