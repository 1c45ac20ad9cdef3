-- The shelves of an environment in their order, each with the name that it begins with.
CREATE TABLE search_directories (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    environment_id BIGINT NOT NULL,
    shelves MEDIUMBLOB NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT search_directories_environment_id_key UNIQUE KEY (environment_id),
    CONSTRAINT search_directories_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
