-- Takes back 0021.
DROP TABLE secret_tallies;
