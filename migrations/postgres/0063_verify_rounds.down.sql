-- Undoes 0063_verify_rounds.
DROP TABLE verify_rounds;
