-- The next version gets a number that none has.
ALTER TABLE secrets DROP COLUMN versions_ahead;
