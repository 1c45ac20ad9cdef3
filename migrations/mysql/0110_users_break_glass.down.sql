-- Passwords open every account that has one.
ALTER TABLE users DROP CONSTRAINT users_is_break_glass_check, DROP COLUMN is_break_glass;
