-- Everything in it goes.
DROP TABLE identity_providers;
