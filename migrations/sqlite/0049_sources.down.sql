-- Undoes 0049_sources.
DROP TABLE secret_sources;
DROP TABLE sources;
