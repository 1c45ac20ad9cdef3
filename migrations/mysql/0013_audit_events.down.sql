-- The append-only, chained log; columns beside payload serve filters; no foreign keys on purpose: it outlives what it tells of.
DROP TABLE audit_events;
