-- Everything in it goes.
DROP TABLE recovery_codes;
