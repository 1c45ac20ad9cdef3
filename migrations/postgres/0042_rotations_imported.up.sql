-- A new value may also come from a file.
ALTER TABLE rotations DROP CONSTRAINT rotations_mode_check, ADD CONSTRAINT rotations_mode_check CHECK (mode IN ('typed', 'generated', 'restored', 'promoted', 'imported'));
