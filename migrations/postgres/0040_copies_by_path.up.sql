-- Whether a place in a backend is free is asked for each new secret, and for a thousand of an import.
CREATE INDEX copies_remote_path_idx ON copies (backend, remote_path);
