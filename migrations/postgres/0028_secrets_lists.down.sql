-- Takes back 0028.
DROP INDEX secrets_status_idx;
DROP INDEX secrets_next_rotation_idx;
DROP INDEX secrets_expires_idx;
DROP INDEX secrets_updated_idx;
CREATE INDEX secrets_list_all_idx ON secrets (is_active, name, id);
CREATE INDEX secrets_due_idx ON secrets (environment_id, next_rotation_at, id);
CREATE INDEX secrets_due_all_idx ON secrets (is_active, next_rotation_at, id);
CREATE INDEX secrets_sync_status_idx ON secrets (sync_status, environment_id, id);
CREATE INDEX secrets_expires_at_idx ON secrets (expires_at, id);
CREATE INDEX secrets_recent_idx ON secrets (environment_id, updated_at, id);
