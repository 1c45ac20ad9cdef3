-- No glass to break.
DROP TABLE glass_breaks;
