-- The change where the credential is used, and the proof that it is accepted there, are steps as well.
ALTER TABLE rotation_steps DROP CONSTRAINT rotation_steps_step_check, ADD CONSTRAINT rotation_steps_step_check CHECK (step IN ('value', 'source', 'try', 'switch', 'copy_aws', 'copy_vault'));
