-- The column as it was made.
UPDATE secrets SET deactivated_at = NULL WHERE deactivated_at IS NOT NULL;
