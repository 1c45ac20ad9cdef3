-- Undoes 0090_verifications_by_outcome.
DROP INDEX verifications_outcome_idx;
