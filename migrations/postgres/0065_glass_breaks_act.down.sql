-- It was a change.
DELETE FROM glass_breaks WHERE act = 'reveal';
ALTER TABLE glass_breaks DROP CONSTRAINT glass_breaks_act_check, DROP COLUMN act;
