-- What one name did, a program's say, is found without walking the log.
CREATE INDEX audit_events_actor_name_seq_idx ON audit_events (actor_name, seq);
