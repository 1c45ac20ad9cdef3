-- In which hours Keeper may rotate a secret by itself; all four are empty where any time will do.
ALTER TABLE secrets
    ADD COLUMN window_days VARCHAR(27) NOT NULL DEFAULT '',
    ADD COLUMN window_from VARCHAR(5) NOT NULL DEFAULT '',
    ADD COLUMN window_to VARCHAR(5) NOT NULL DEFAULT '',
    ADD COLUMN window_zone VARCHAR(64) NOT NULL DEFAULT '',
    ADD CONSTRAINT secrets_window_from_check CHECK (window_from = '' OR window_from REGEXP '^[0-2][0-9]:[0-5][0-9]$'),
    ADD CONSTRAINT secrets_window_to_check CHECK (window_to = '' OR window_to REGEXP '^[0-2][0-9]:[0-5][0-9]$'),
    ADD CONSTRAINT secrets_window_check CHECK ((window_zone = '') = (window_days = '') AND (window_zone = '') = (window_from = '') AND (window_zone = '') = (window_to = ''));
