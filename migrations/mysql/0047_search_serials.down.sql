-- Undoes 0047_search_serials.
ALTER TABLE search_directories DROP COLUMN serial;
