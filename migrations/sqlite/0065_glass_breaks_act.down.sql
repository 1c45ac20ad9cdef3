-- It was a change.
DELETE FROM glass_breaks WHERE act = 'reveal';
ALTER TABLE glass_breaks DROP COLUMN act;
