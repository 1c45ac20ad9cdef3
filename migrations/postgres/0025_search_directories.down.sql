-- Takes back 0025.
DROP TABLE search_directories;
