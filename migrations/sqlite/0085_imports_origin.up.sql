-- Where an import comes from, if not from a file: read from a backend.
ALTER TABLE imports ADD COLUMN origin VARCHAR(16) CONSTRAINT imports_origin_check CHECK (origin IN ('aws', 'vault'));
