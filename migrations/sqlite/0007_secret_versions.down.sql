-- The values of a secret, sealed and numbered from 1; a version that was destroyed has lost its wrapped key.
DROP TABLE secret_versions;
