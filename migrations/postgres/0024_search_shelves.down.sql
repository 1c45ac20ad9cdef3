-- Takes back 0024.
DROP TABLE search_shelves;
