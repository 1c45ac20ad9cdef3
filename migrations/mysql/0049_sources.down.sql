-- Undoes 0049_sources.
DROP TABLE IF EXISTS secret_sources, sources;
