-- The two modes that were known before: whatever was not generated was given.
UPDATE rotations SET mode = 'typed' WHERE mode IN ('restored', 'promoted');
ALTER TABLE rotations DROP CONSTRAINT rotations_mode_check, ADD CONSTRAINT rotations_mode_check CHECK (mode IN ('typed', 'generated'));
