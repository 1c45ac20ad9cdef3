-- As it was before.
ALTER TABLE rotation_requests DROP KEY rotation_requests_key_id_id_idx;
