-- Everything in it goes.
DROP TABLE identity_provider_doors;
