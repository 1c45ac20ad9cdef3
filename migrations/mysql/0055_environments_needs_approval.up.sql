-- Whether a change of a value here waits for another person.
ALTER TABLE environments ADD COLUMN needs_approval BOOLEAN NOT NULL DEFAULT FALSE;
