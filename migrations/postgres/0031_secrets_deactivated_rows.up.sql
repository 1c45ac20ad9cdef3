-- Those that were deactivated before: their last change is the latest time at which it can have been.
UPDATE secrets SET deactivated_at = updated_at WHERE NOT is_active;
