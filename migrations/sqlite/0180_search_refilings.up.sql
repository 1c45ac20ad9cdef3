-- Whose search index is being made anew: a row for each environment. Until `lease_until` its slips are left alone; whoever finds that past
-- raises `lease_token` and files them. A row without a lease tells of a refiling that was broken off.
CREATE TABLE search_refilings (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    environment_id BIGINT NOT NULL,
    done BIGINT NOT NULL,
    lease_token BIGINT NOT NULL,
    lease_until TEXT,
    actor_name VARCHAR(255) NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,

    CONSTRAINT search_refilings_done_check CHECK (done >= 0),
    CONSTRAINT search_refilings_actor_name_check CHECK (length(actor_name) <= 255),
    CONSTRAINT search_refilings_lease_until_check CHECK (lease_until GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT search_refilings_created_at_check CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT search_refilings_updated_at_check CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT search_refilings_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id)
);
CREATE UNIQUE INDEX search_refilings_environment_id_key ON search_refilings (environment_id);
