-- Passwords open every account that has one.
ALTER TABLE users DROP COLUMN is_break_glass;
