-- Only files are imported.
ALTER TABLE imports DROP COLUMN origin;
