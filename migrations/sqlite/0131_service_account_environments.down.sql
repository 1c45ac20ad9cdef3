-- Everything in it goes.
DROP TABLE service_account_environments;
