-- Undoes 0051_windows.
ALTER TABLE secrets
    DROP CONSTRAINT secrets_window_check, DROP CONSTRAINT secrets_window_to_check, DROP CONSTRAINT secrets_window_from_check,
    DROP COLUMN window_zone, DROP COLUMN window_to, DROP COLUMN window_from, DROP COLUMN window_days;
