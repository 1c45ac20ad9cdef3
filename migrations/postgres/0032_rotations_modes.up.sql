-- A new value may also be a former one, or come from another environment.
ALTER TABLE rotations DROP CONSTRAINT rotations_mode_check, ADD CONSTRAINT rotations_mode_check CHECK (mode IN ('typed', 'generated', 'restored', 'promoted'));
