-- Takes back 0023.
DROP TABLE search_slips;
