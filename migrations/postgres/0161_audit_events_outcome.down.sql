-- Lists by it walk the log again.
DROP INDEX audit_events_outcome_seq_idx;
