-- Undoes 0043_bulk_operations.
DROP TABLE bulk_operations;
