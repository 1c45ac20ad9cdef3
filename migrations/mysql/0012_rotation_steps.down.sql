-- The steps of a rotation in their order, and how each one went.
DROP TABLE rotation_steps;
