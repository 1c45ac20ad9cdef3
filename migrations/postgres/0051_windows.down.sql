-- Undoes 0051_windows.
ALTER TABLE secrets DROP COLUMN window_zone, DROP COLUMN window_to, DROP COLUMN window_from, DROP COLUMN window_days;
