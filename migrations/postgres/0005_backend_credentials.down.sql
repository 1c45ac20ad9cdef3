-- What Keeper signs in to an environment's backend with, sealed like a value: one per environment and backend.
DROP TABLE backend_credentials;
