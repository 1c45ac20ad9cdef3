-- Isolated places that secrets belong to: stage, access rule, and the open part of the configuration of each backend.
DROP TABLE environments;
