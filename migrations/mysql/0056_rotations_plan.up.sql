-- How a secret is rotated may be changed as well, where that waits for another person.
ALTER TABLE rotations DROP CONSTRAINT rotations_mode_check, ADD CONSTRAINT rotations_mode_check CHECK (mode IN ('typed', 'generated', 'restored', 'promoted', 'imported', 'plan'));
