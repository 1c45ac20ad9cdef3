-- The head's only row, so that the first event is appended like every other.
DELETE FROM audit_head WHERE id = 1;
