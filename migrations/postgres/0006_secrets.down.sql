-- A secret's metadata, its rotation plan and the status of its copies; its values are in secret_versions.
DROP TABLE secrets;
