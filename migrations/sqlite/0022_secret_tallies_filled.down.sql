-- Takes back 0022.
DELETE FROM secret_tallies;
