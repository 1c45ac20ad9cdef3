-- The time of deactivation stays in the audit log.
ALTER TABLE secrets DROP COLUMN deactivated_at;
