-- The planned change of a secret's value, from the request to verified copies.
DROP TABLE rotations;
