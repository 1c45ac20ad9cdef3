-- The outbox: work for the worker, as ids and numbers only, never a value.
DROP TABLE jobs;
