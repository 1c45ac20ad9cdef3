-- Undoes 0051_windows. The last column knows the others: it goes first.
ALTER TABLE secrets DROP COLUMN window_zone;
ALTER TABLE secrets DROP COLUMN window_to;
ALTER TABLE secrets DROP COLUMN window_from;
ALTER TABLE secrets DROP COLUMN window_days;
