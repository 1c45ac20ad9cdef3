-- The shelves of the search have taken their place.
DROP TABLE secret_terms;
