-- The folded texts of some hundred secrets of one environment, in the order of their names: what a search reads.
CREATE TABLE search_shelves (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    environment_id BIGINT NOT NULL,
    cards MEDIUMBLOB NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    KEY search_shelves_environment_id_idx (environment_id),
    CONSTRAINT search_shelves_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
