-- What was refused or failed is rare: it is found without walking the log.
CREATE INDEX audit_events_outcome_seq_idx ON audit_events (outcome, seq);
