-- Undoes 0040_copies_by_path.
DROP INDEX copies_remote_path_idx;
