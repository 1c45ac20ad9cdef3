-- The head of the audit chain: one row, id 1, that whoever appends an event locks last.
DROP TABLE audit_head;
