-- Undoes 0044_bulk_items.
DROP TABLE bulk_items;
