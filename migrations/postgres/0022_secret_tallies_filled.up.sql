-- What is there already is counted once.
INSERT INTO secret_tallies (environment_id, is_active, sync_status, amount, created_at, updated_at)
SELECT environment_id, is_active, sync_status, COUNT(*), MAX(updated_at), MAX(updated_at) FROM secrets GROUP BY environment_id, is_active, sync_status;
