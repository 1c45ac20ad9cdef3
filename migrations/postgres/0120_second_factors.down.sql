-- Everything in it goes.
DROP TABLE second_factors;
