-- What one backend holds of one secret, as Keeper last saw it, and when it will try again.
DROP TABLE copies;
