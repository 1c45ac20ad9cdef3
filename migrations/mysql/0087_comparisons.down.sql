-- Undoes 0087_comparisons.
DROP TABLE comparisons;
