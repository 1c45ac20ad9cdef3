-- Undoes 0048_secrets_due_alone.
DROP INDEX secrets_due_alone_idx;
