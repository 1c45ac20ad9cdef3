-- Undoes 0180_search_refilings.
DROP TABLE search_refilings;
