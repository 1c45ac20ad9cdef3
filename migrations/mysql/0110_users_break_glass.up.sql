-- Accounts that sign in by password even where only single sign-on is open.
ALTER TABLE users ADD COLUMN is_break_glass TINYINT(1) NOT NULL DEFAULT 0, ADD CONSTRAINT users_is_break_glass_check CHECK (is_break_glass IN (0, 1));
