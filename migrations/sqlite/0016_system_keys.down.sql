-- Keeper's own keys, one for each purpose, wrapped by the KMS.
DROP TABLE system_keys;
