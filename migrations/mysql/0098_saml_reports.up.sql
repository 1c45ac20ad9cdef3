-- What arrived with a sign-in that was tested or refused, each check with its verdict. For admins, and not for long.
CREATE TABLE saml_reports (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    reference VARCHAR(64) NOT NULL,
    identity_provider_id BIGINT NULL,
    is_test BOOLEAN NOT NULL,
    user_id BIGINT NULL,
    subject VARCHAR(255) NOT NULL,
    report MEDIUMTEXT NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT saml_reports_is_test_check CHECK (is_test IN (0, 1)),
    CONSTRAINT saml_reports_reference_key UNIQUE KEY (reference),
    KEY saml_reports_identity_provider_id_idx (identity_provider_id),
    KEY saml_reports_user_id_idx (user_id),
    KEY saml_reports_expires_at_idx (expires_at),
    CONSTRAINT saml_reports_identity_provider_id_fkey FOREIGN KEY (identity_provider_id) REFERENCES identity_providers (id) ON DELETE CASCADE,
    CONSTRAINT saml_reports_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
