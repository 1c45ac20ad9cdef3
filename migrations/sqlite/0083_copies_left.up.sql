-- A copy that moved to another path leaves the old one there until somebody decides about it.
ALTER TABLE copies ADD COLUMN left_at VARCHAR(512) CONSTRAINT copies_left_at_check CHECK (length(left_at) <= 512);
