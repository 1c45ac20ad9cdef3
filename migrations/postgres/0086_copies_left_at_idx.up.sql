-- Whether a path in a backend is a copy's is asked for many paths at once, also of paths that copies have left.
CREATE INDEX copies_left_at_idx ON copies (backend, left_at);
