-- What a secret's values are made of; empty: what fits its type. With a version, the half of a key pair that is no secret.
-- Two tables, and MySQL keeps the first when it breaks off before the second: said so that the file can be run again then.
SET @change = IF(EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'secret_versions' AND column_name = 'public_half'),
    'DO 0', 'ALTER TABLE secret_versions ADD COLUMN public_half TEXT NULL');
PREPARE change_once FROM @change;
EXECUTE change_once;
DEALLOCATE PREPARE change_once;
ALTER TABLE secrets ADD COLUMN policy VARCHAR(160) NOT NULL DEFAULT '';
