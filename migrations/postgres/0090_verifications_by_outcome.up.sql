-- What differs is listed without a look at what does not.
CREATE INDEX verifications_outcome_idx ON verifications (outcome, secret_id);
