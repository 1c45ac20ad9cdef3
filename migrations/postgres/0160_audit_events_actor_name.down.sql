-- Lists by it walk the log again.
DROP INDEX audit_events_actor_name_seq_idx;
