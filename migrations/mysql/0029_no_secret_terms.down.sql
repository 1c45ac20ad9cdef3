-- Takes back 0029: the table is there again, its words come with the next change of each secret.
CREATE TABLE secret_terms (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    secret_id BIGINT NOT NULL,
    environment_id BIGINT NOT NULL,
    term VARCHAR(64) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT secret_terms_secret_id_term_key UNIQUE KEY (secret_id, term),
    KEY secret_terms_term_idx (term, secret_id),
    KEY secret_terms_environment_term_idx (environment_id, term, secret_id),
    CONSTRAINT secret_terms_secret_id_fkey FOREIGN KEY (secret_id) REFERENCES secrets (id) ON DELETE CASCADE,
    CONSTRAINT secret_terms_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
