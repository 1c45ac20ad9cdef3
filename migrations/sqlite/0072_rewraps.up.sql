-- How far the wrapping of every data key under the active key is. One runs at a time, so `open_slot` is unique; whoever holds the lease
-- does the next few, and stores them together with the place that they end at.
CREATE TABLE rewraps (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    key_id VARCHAR(255) NOT NULL,
    place VARCHAR(32) NOT NULL,
    from_key VARCHAR(255) NOT NULL,
    after_id BIGINT NOT NULL,
    total BIGINT,
    rewrapped BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    state VARCHAR(16) NOT NULL,
    open_slot BIGINT,
    lease_token BIGINT NOT NULL,
    lease_until TEXT,
    trouble VARCHAR(500) NOT NULL,
    actor_name VARCHAR(255) NOT NULL,
    ended_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT rewraps_counts_check CHECK (total >= 0 AND rewrapped >= 0 AND failed >= 0 AND after_id >= 0),
    CONSTRAINT rewraps_state_check CHECK (state IN ('running', 'done')),
    CONSTRAINT rewraps_open_slot_check CHECK (open_slot = 1),
    CONSTRAINT rewraps_open_while_running_check CHECK ((open_slot IS NULL) = (state = 'done')),
    CONSTRAINT rewraps_ended_check CHECK ((ended_at IS NULL) = (state = 'running')),
    CONSTRAINT rewraps_key_id_check CHECK (length(key_id) <= 255),
    CONSTRAINT rewraps_place_check CHECK (length(place) <= 32),
    CONSTRAINT rewraps_from_key_check CHECK (length(from_key) <= 255),
    CONSTRAINT rewraps_trouble_check CHECK (length(trouble) <= 500),
    CONSTRAINT rewraps_actor_name_check CHECK (length(actor_name) <= 255),
    CONSTRAINT rewraps_lease_until_check CHECK (lease_until GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT rewraps_ended_at_check CHECK (ended_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT rewraps_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT rewraps_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z')
);
CREATE UNIQUE INDEX rewraps_open_slot_key ON rewraps (open_slot);
