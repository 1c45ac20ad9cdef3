-- Copies are pushed alone.
DELETE FROM jobs WHERE kind <> 'push';
ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check, ADD CONSTRAINT jobs_kind_check CHECK (kind IN ('push'));
