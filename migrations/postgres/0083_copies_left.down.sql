-- Copies stay where they are.
ALTER TABLE copies DROP COLUMN left_at;
