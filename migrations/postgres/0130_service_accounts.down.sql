-- Everything in it goes.
DROP TABLE service_accounts;
