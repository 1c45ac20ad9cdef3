-- Undoes 0041_imports.
DROP TABLE imports;
