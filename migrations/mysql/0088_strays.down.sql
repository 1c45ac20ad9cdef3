-- Undoes 0088_strays.
DROP TABLE strays;
