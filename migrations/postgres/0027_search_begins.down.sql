-- Takes back 0027.
DELETE FROM search_slips;
DELETE FROM search_grams WHERE gram = '';
