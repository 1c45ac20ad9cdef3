-- The modes that were known before: what was no change of a value is forgotten.
DELETE FROM rotations WHERE mode = 'plan';
ALTER TABLE rotations DROP CONSTRAINT rotations_mode_check, ADD CONSTRAINT rotations_mode_check CHECK (mode IN ('typed', 'generated', 'restored', 'promoted', 'imported'));
