-- The modes that were known before: what was imported was given.
UPDATE rotations SET mode = 'typed' WHERE mode = 'imported';
ALTER TABLE rotations DROP CONSTRAINT rotations_mode_check, ADD CONSTRAINT rotations_mode_check CHECK (mode IN ('typed', 'generated', 'restored', 'promoted'));
