DROP TABLE rewrap_failures;
