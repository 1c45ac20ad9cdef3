-- Nothing that is not Keeper's is replaced.
ALTER TABLE copies DROP COLUMN replaces;
