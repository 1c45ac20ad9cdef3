DROP TABLE schema_promises;
