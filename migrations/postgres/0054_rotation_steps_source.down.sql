-- Rotations from before know neither step.
DELETE FROM rotation_steps WHERE step IN ('source', 'try');
ALTER TABLE rotation_steps DROP CONSTRAINT rotation_steps_step_check, ADD CONSTRAINT rotation_steps_step_check CHECK (step IN ('value', 'switch', 'copy_aws', 'copy_vault'));
