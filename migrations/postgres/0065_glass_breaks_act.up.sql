-- What was done when the glass was broken: a value or the way that it is rotated was changed without approval, or a value was seen by
-- an admin who is no member.
ALTER TABLE glass_breaks ADD COLUMN act VARCHAR(16) COLLATE "C" NOT NULL DEFAULT 'change', ADD CONSTRAINT glass_breaks_act_check CHECK (act IN ('change', 'reveal'));
