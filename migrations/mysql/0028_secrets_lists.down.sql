-- Takes back 0028.
ALTER TABLE secrets
    DROP KEY secrets_status_idx,
    DROP KEY secrets_next_rotation_idx,
    DROP KEY secrets_expires_idx,
    DROP KEY secrets_updated_idx,
    ADD KEY secrets_list_all_idx (is_active, name, id),
    ADD KEY secrets_due_idx (environment_id, next_rotation_at, id),
    ADD KEY secrets_due_all_idx (is_active, next_rotation_at, id),
    ADD KEY secrets_sync_status_idx (sync_status, environment_id, id),
    ADD KEY secrets_expires_at_idx (expires_at, id),
    ADD KEY secrets_recent_idx (environment_id, updated_at, id);
