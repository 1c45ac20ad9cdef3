-- Takes back 0026.
DROP TABLE search_grams;
