-- Accounts that sign in by password even where only single sign-on is open.
ALTER TABLE users ADD COLUMN is_break_glass BOOLEAN NOT NULL DEFAULT FALSE;
