-- Each order and each single filter of a list, by environment: what is closed to a reader is never read.
DROP INDEX secrets_list_all_idx;
DROP INDEX secrets_due_idx;
DROP INDEX secrets_due_all_idx;
DROP INDEX secrets_sync_status_idx;
DROP INDEX secrets_expires_at_idx;
DROP INDEX secrets_recent_idx;
CREATE INDEX secrets_status_idx ON secrets (environment_id, is_active, sync_status, name, id);
CREATE INDEX secrets_next_rotation_idx ON secrets (environment_id, is_active, next_rotation_at, id);
CREATE INDEX secrets_expires_idx ON secrets (environment_id, is_active, expires_at, id);
CREATE INDEX secrets_updated_idx ON secrets (environment_id, is_active, updated_at, id);
