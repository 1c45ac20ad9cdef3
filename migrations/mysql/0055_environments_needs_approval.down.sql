-- Who may change a value does so alone.
ALTER TABLE environments DROP COLUMN needs_approval;
