-- The environments that a service account is for, where it is not for all.
CREATE TABLE service_account_environments (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    service_account_id BIGINT NOT NULL,
    environment_id BIGINT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT service_account_environments_account_environment_key UNIQUE KEY (service_account_id, environment_id),
    KEY service_account_environments_environment_id_idx (environment_id),
    CONSTRAINT service_account_environments_service_account_id_fkey FOREIGN KEY (service_account_id) REFERENCES service_accounts (id) ON DELETE CASCADE,
    CONSTRAINT service_account_environments_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
