-- What is not Keeper's and may be replaced all the same: the version that somebody saw there when they decided it.
ALTER TABLE copies ADD COLUMN replaces VARCHAR(128) COLLATE "C";
