-- Undoes 0062_verifications.
DROP TABLE verifications;
