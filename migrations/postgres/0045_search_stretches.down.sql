-- Undoes 0045_search_stretches.
DROP TABLE search_stretches;
