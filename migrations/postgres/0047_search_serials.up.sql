-- Raised by every writing: whether a directory is still the one that was read is asked without reading it again.
ALTER TABLE search_directories ADD COLUMN serial BIGINT NOT NULL DEFAULT 0;
