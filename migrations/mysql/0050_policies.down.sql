-- Undoes 0050_policies.
SET @change = IF(EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'secret_versions' AND column_name = 'public_half'),
    'ALTER TABLE secret_versions DROP COLUMN public_half', 'DO 0');
PREPARE change_once FROM @change;
EXECUTE change_once;
DEALLOCATE PREPARE change_once;
ALTER TABLE secrets DROP COLUMN policy;
