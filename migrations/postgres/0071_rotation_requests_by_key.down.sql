-- As it was before.
DROP INDEX rotation_requests_key_id_id_idx;
