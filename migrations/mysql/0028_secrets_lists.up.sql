-- Each order and each single filter of a list, by environment: what is closed to a reader is never read.
ALTER TABLE secrets
    DROP KEY secrets_list_all_idx,
    DROP KEY secrets_due_idx,
    DROP KEY secrets_due_all_idx,
    DROP KEY secrets_sync_status_idx,
    DROP KEY secrets_expires_at_idx,
    DROP KEY secrets_recent_idx,
    ADD KEY secrets_status_idx (environment_id, is_active, sync_status, name, id),
    ADD KEY secrets_next_rotation_idx (environment_id, is_active, next_rotation_at, id),
    ADD KEY secrets_expires_idx (environment_id, is_active, expires_at, id),
    ADD KEY secrets_updated_idx (environment_id, is_active, updated_at, id);
