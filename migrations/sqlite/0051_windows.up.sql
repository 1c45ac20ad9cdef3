-- In which hours Keeper may rotate a secret by itself; all four are empty where any time will do.
ALTER TABLE secrets ADD COLUMN window_days VARCHAR(27) NOT NULL DEFAULT '' CONSTRAINT secrets_window_days_check CHECK (length(window_days) <= 27);
ALTER TABLE secrets ADD COLUMN window_from VARCHAR(5) NOT NULL DEFAULT '' CONSTRAINT secrets_window_from_check CHECK (window_from = '' OR window_from GLOB '[0-2][0-9]:[0-5][0-9]');
ALTER TABLE secrets ADD COLUMN window_to VARCHAR(5) NOT NULL DEFAULT '' CONSTRAINT secrets_window_to_check CHECK (window_to = '' OR window_to GLOB '[0-2][0-9]:[0-5][0-9]');
ALTER TABLE secrets ADD COLUMN window_zone VARCHAR(64) NOT NULL DEFAULT '' CONSTRAINT secrets_window_check CHECK (length(window_zone) <= 64 AND (window_zone = '') = (window_days = '') AND (window_zone = '') = (window_from = '') AND (window_zone = '') = (window_to = ''));
