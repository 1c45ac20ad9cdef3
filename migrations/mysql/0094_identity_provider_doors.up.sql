-- Environments that a group of an identity provider makes its people members of.
CREATE TABLE identity_provider_doors (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    group_id BIGINT NOT NULL,
    environment_id BIGINT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT identity_provider_doors_group_id_environment_id_key UNIQUE KEY (group_id, environment_id),
    KEY identity_provider_doors_environment_id_idx (environment_id),
    CONSTRAINT identity_provider_doors_group_id_fkey FOREIGN KEY (group_id) REFERENCES identity_provider_groups (id) ON DELETE CASCADE,
    CONSTRAINT identity_provider_doors_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
