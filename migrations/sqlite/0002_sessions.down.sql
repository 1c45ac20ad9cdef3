-- Signed-in browsers: a hash of each cookie's token, the session's record as JSON, and when it was last seen, last proved and ends.
DROP TABLE sessions;
