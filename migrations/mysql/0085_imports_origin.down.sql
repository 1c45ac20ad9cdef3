-- Only files are imported.
ALTER TABLE imports DROP CONSTRAINT imports_origin_check, DROP COLUMN origin;
