-- Undoes 0086_copies_left_at_idx.
DROP INDEX copies_left_at_idx ON copies;
