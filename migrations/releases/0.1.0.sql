-- Every statement of Keeper 0.1.0, under the file that it stands in. Written by `make statements`; not to be changed by hand.

-- src/app.rs
INSERT INTO system_keys (purpose, wrapped_key, key_id, created_at, updated_at) VALUES (?, ?, ?, ?, ?);
SELECT key_id, wrapped_key FROM system_keys WHERE purpose = ?;

-- src/app/rewrap.rs
SELECT COUNT(*) FROM (SELECT 1 AS one FROM system_keys WHERE key_id = ? AND wrapped_key IS NOT NULL LIMIT 1001) t;
SELECT COUNT(*) FROM (SELECT 1 AS one FROM system_keys WHERE key_id > ? AND key_id < ? AND wrapped_key IS NOT NULL LIMIT 1) t;
SELECT COUNT(*) FROM system_keys WHERE key_id <> ? AND wrapped_key IS NOT NULL;
SELECT MIN(key_id) FROM system_keys WHERE key_id > ?;
SELECT id, purpose, wrapped_key FROM system_keys WHERE key_id = ? AND id > ? ORDER BY id LIMIT ?;
UPDATE system_keys SET wrapped_key = ?, key_id = ?, updated_at = ? WHERE id = ? AND wrapped_key = ?;

-- src/audit/anchor.rs
INSERT INTO audit_checkpoints (seq, chain, signature, public_key, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?);
SELECT seq, chain FROM audit_head WHERE id = 1;

-- src/audit/chain.rs
INSERT INTO audit_events (seq, at, actor_kind, actor_id, actor_name, action, outcome, environment_id, secret_id, target, payload, payload_hash, chain, mac, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
SELECT seq, chain FROM audit_head WHERE id = 1 {lock};
UPDATE audit_head SET seq = ?, chain = ?, mac = ?, updated_at = ? WHERE id = 1;

-- src/audit/glance.rs
SELECT chain FROM audit_events WHERE seq = ?;
SELECT seq, chain, mac FROM audit_head WHERE id = 1;

-- src/audit/list.rs
SELECT seq FROM audit_events WHERE at >= ? ORDER BY at, id LIMIT 1;
SELECT seq FROM audit_head WHERE id = 1;
SELECT seq, at, actor_kind, actor_name, action, outcome, environment_id, secret_id, target, payload, chain FROM audit_events WHERE 1 = 1;
SELECT seq, at, actor_kind, actor_name, action, outcome, environment_id, secret_id, target, payload, chain FROM audit_events WHERE 1 = 1 AND action IN (?);
SELECT seq, at, actor_kind, actor_name, action, outcome, environment_id, secret_id, target, payload, chain FROM audit_events WHERE 1 = 1 AND environment_id IN (?);

-- src/audit/once.rs
DELETE FROM request_keys WHERE expires_at <= ?;
DELETE FROM request_keys WHERE expires_at <= ? AND id IN (?);
DELETE FROM request_keys WHERE id = ? AND attempt = ? AND event_seq IS NULL;
DELETE FROM request_keys WHERE id = ? AND attempt = ? AND event_seq IS NULL AND id IN (?);
INSERT INTO request_keys (caller, key_hash, fingerprint, attempt, lease_until, expires_at, created_at, updated_at) VALUES (?, ?, ?, 1, ?, ?, ?, ?);
SELECT action, secret_id, payload FROM audit_events WHERE seq >= ? AND seq < ? ORDER BY seq;
SELECT attempt FROM request_keys WHERE id = ?;
SELECT attempt FROM request_keys WHERE id = ? AND id IN (?);
SELECT id FROM request_keys WHERE expires_at <= ? ORDER BY expires_at LIMIT 1000;
SELECT id, fingerprint, attempt, event_seq, status, resource, resource_ids, lease_until, expires_at FROM request_keys WHERE caller = ? AND key_hash = ? {lock};
UPDATE request_keys SET event_seq = COALESCE(event_seq, ?), updated_at = ? WHERE id = ? AND attempt = ?;
UPDATE request_keys SET event_seq = COALESCE(event_seq, ?), updated_at = ? WHERE id = ? AND attempt = ? AND id IN (?);
UPDATE request_keys SET fingerprint = ?, attempt = attempt + 1, event_seq = NULL, status = NULL, resource = NULL, resource_ids = NULL, lease_until = ?, expires_at = ?, updated_at = ? WHERE id = ?;
UPDATE request_keys SET fingerprint = ?, attempt = attempt + 1, event_seq = NULL, status = NULL, resource = NULL, resource_ids = NULL, lease_until = ?, expires_at = ?, updated_at = ? WHERE id = ? AND id IN (?);
UPDATE request_keys SET status = ?, resource = ?, resource_ids = ?, updated_at = ? WHERE id = ? AND attempt = ?;
UPDATE request_keys SET status = ?, resource = ?, resource_ids = ?, updated_at = ? WHERE id = ? AND attempt = ? AND id IN (?);

-- src/audit/verify.rs
SELECT COUNT(*) FROM audit_events WHERE seq <= 0;
SELECT seq, at, actor_kind, actor_id, actor_name, action, outcome, environment_id, secret_id, target, payload, payload_hash, chain, mac FROM audit_events WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?;
SELECT seq, chain, mac FROM audit_head WHERE id = 1;
SELECT seq, chain, signature, public_key FROM audit_checkpoints ORDER BY seq;

-- src/bulk/list.rs
SELECT i.id, i.secret_id, i.state, i.detail, i.rotation_id, r.status, s.name, s.environment_id FROM bulk_items i JOIN secrets s ON s.id = i.secret_id LEFT JOIN rotations r ON r.id = i.rotation_id WHERE i.operation_id = ? AND i.id > ?;
SELECT i.id, i.secret_id, i.state, i.detail, i.rotation_id, r.status, s.name, s.environment_id FROM bulk_items i JOIN secrets s ON s.id = i.secret_id LEFT JOIN rotations r ON r.id = i.rotation_id WHERE i.operation_id = ? AND i.id > ? AND s.environment_id IN (?);
SELECT i.id, i.secret_id, i.state, i.detail, i.rotation_id, r.status, s.name, s.environment_id FROM bulk_items i JOIN secrets s ON s.id = i.secret_id LEFT JOIN rotations r ON r.id = i.rotation_id WHERE i.operation_id = ? AND i.id > ? ORDER BY i.id LIMIT ?;
SELECT i.state, r.status, COUNT(*) FROM bulk_items i LEFT JOIN rotations r ON r.id = i.rotation_id WHERE i.operation_id = ? GROUP BY i.state, r.status;
SELECT id, user_id, kind, tags, reason, state, total, client, request_id, created_at, updated_at FROM bulk_operations WHERE id = ?;

-- src/bulk/start.rs
INSERT INTO bulk_items (operation_id, secret_id, state, detail, created_at, updated_at) VALUES (?, ?, 'waiting', '', ?, ?);
INSERT INTO bulk_operations (user_id, kind, tags, reason, state, total, client, request_id, created_at, updated_at) VALUES (?, ?, ?, ?, 'running', ?, ?, ?, ?, ?);

-- src/bulk/work.rs
SELECT id FROM bulk_operations WHERE state = 'running' ORDER BY id LIMIT 1;
SELECT id, operation_id, secret_id FROM bulk_items WHERE state = 'waiting' ORDER BY id LIMIT 1;
SELECT state FROM bulk_items WHERE id = ? {lock};
UPDATE bulk_items SET rotation_id = ? WHERE id = ?;
UPDATE bulk_items SET state = ?, detail = ?, updated_at = ? WHERE id = ? AND state = 'waiting';
UPDATE bulk_operations SET state = 'done', updated_at = ? WHERE id = ? AND state = 'running';

-- src/cli/open.rs
SELECT COUNT(*) FROM system_keys;

-- src/data_migrations/row.rs
SELECT id, name, after_id, done, total, trouble, ended_at FROM data_migrations;

-- src/data_migrations/work.rs
INSERT INTO data_migrations (name, after_id, done, total, state, lease_token, lease_until, trouble, ended_at, created_at, updated_at) VALUES (?, 0, 0, NULL, 'running', 0, NULL, '', NULL, ?, ?);
SELECT lease_token FROM data_migrations WHERE id = ? AND state = 'running' AND (lease_until IS NULL OR lease_until <= ?) {skip};
UPDATE data_migrations SET after_id = ?, done = done + ?, updated_at = ? WHERE id = ?;
UPDATE data_migrations SET lease_token = ?, lease_until = ?, updated_at = ? WHERE id = ?;
UPDATE data_migrations SET state = 'done', ended_at = ?, updated_at = ? WHERE id = ?;
UPDATE data_migrations SET total = ?, updated_at = ? WHERE id = ?;
UPDATE data_migrations SET trouble = ?, lease_until = NULL, updated_at = ? WHERE id = ? AND lease_token = ?;

-- src/environments/credentials.rs
DELETE FROM backend_credentials WHERE environment_id = ? AND backend = ?;
INSERT INTO backend_credentials (environment_id, backend, serial, ciphertext, nonce, wrapped_key, key_id, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);
SELECT serial, ciphertext, nonce, wrapped_key, key_id FROM backend_credentials WHERE environment_id = ? AND backend = ?;

-- src/environments/door.rs
SELECT e.id, e.name, e.display_name, e.description, e.stage, e.is_production, e.needs_approval, e.access, e.is_active, e.aws_enabled, e.aws_region, e.aws_endpoint, e.aws_path_template, e.aws_role_arn, e.aws_external_id, e.aws_kms_key, e.aws_tags, e.vault_enabled, e.vault_url, e.vault_mount, e.vault_namespace, e.vault_path_template, e.vault_role_id, e.vault_auth_mount, e.vault_authority, e.row_version, e.created_at, e.updated_at, (SELECT m.id FROM environment_members m WHERE m.environment_id = e.id AND m.user_id = ?) AS member_id FROM environments e WHERE 1 = 1 AND e.id = ?;
SELECT e.id, e.name, e.display_name, e.description, e.stage, e.is_production, e.needs_approval, e.access, e.is_active, e.aws_enabled, e.aws_region, e.aws_endpoint, e.aws_path_template, e.aws_role_arn, e.aws_external_id, e.aws_kms_key, e.aws_tags, e.vault_enabled, e.vault_url, e.vault_mount, e.vault_namespace, e.vault_path_template, e.vault_role_id, e.vault_auth_mount, e.vault_authority, e.row_version, e.created_at, e.updated_at, (SELECT m.id FROM environment_members m WHERE m.environment_id = e.id AND m.user_id = ?) AS member_id FROM environments e WHERE 1 = 1 ORDER BY e.name;

-- src/environments/members.rs
DELETE FROM environment_members WHERE environment_id = ? AND user_id = ?;
DELETE FROM environment_members WHERE environment_id = ? AND user_id = ? AND user_id IN (?);
INSERT INTO environment_members (environment_id, user_id, created_at, updated_at) VALUES (?, ?, ?, ?);
INSERT INTO environment_members (environment_id, user_id, identity_provider, created_at, updated_at) VALUES (?, ?, ?, ?, ?);
SELECT environment_id, identity_provider FROM environment_members WHERE user_id = ?;
SELECT environment_id, identity_provider FROM environment_members WHERE user_id = ? AND user_id IN (?);
SELECT id FROM users WHERE id = ?;
SELECT u.id AS user_id, u.username, u.display_name, u.role FROM environment_members m JOIN users u ON u.id = m.user_id WHERE m.environment_id = ? ORDER BY u.username;
SELECT user_id FROM environment_members WHERE environment_id = ?;
SELECT user_id FROM environment_members WHERE environment_id = ? AND user_id IN (?);

-- src/environments/preview.rs
SELECT c.remote_path, s.id AS secret_id, s.name, s.environment_id FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ?;
SELECT c.remote_path, s.id AS secret_id, s.name, s.environment_id FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ? AND c.remote_path IN (?);
SELECT e.id, e.name, e.display_name, e.description, e.stage, e.is_production, e.needs_approval, e.access, e.is_active, e.aws_enabled, e.aws_region, e.aws_endpoint, e.aws_path_template, e.aws_role_arn, e.aws_external_id, e.aws_kms_key, e.aws_tags, e.vault_enabled, e.vault_url, e.vault_mount, e.vault_namespace, e.vault_path_template, e.vault_role_id, e.vault_auth_mount, e.vault_authority, e.row_version, e.created_at, e.updated_at, (SELECT m.id FROM environment_members m WHERE m.environment_id = e.id AND m.user_id = ?) AS member_id FROM environments e WHERE 1 = 1 AND e.id <> ? ORDER BY e.name;
SELECT s.id, s.name, s.service_name, c.remote_path FROM secrets s LEFT JOIN copies c ON c.secret_id = s.id AND c.backend = ? WHERE s.environment_id = ? AND s.is_active = ? AND s.name > ? ORDER BY s.name LIMIT ?;

-- src/environments/rewrap.rs
SELECT COUNT(*) FROM (SELECT 1 AS one FROM backend_credentials WHERE key_id = ? AND wrapped_key IS NOT NULL LIMIT 1001) t;
SELECT COUNT(*) FROM (SELECT 1 AS one FROM backend_credentials WHERE key_id > ? AND key_id < ? AND wrapped_key IS NOT NULL LIMIT 1) t;
SELECT COUNT(*) FROM backend_credentials WHERE key_id <> ? AND wrapped_key IS NOT NULL;
SELECT MIN(key_id) FROM backend_credentials WHERE key_id > ?;
SELECT c.id, c.backend, c.serial, c.wrapped_key, e.name FROM backend_credentials c JOIN environments e ON e.id = c.environment_id WHERE c.key_id = ? AND c.id > ? ORDER BY c.id LIMIT ?;
UPDATE backend_credentials SET wrapped_key = ?, key_id = ?, updated_at = ? WHERE id = ? AND wrapped_key = ?;

-- src/environments/row.rs
SELECT e.id, e.name, e.display_name, e.description, e.stage, e.is_production, e.needs_approval, e.access, e.is_active, e.aws_enabled, e.aws_region, e.aws_endpoint, e.aws_path_template, e.aws_role_arn, e.aws_external_id, e.aws_kms_key, e.aws_tags, e.vault_enabled, e.vault_url, e.vault_mount, e.vault_namespace, e.vault_path_template, e.vault_role_id, e.vault_auth_mount, e.vault_authority, e.row_version, e.created_at, e.updated_at, (SELECT m.id FROM environment_members m WHERE m.environment_id = e.id AND m.user_id = ?) AS member_id FROM environments e WHERE 1 = 1;
SELECT id FROM environments WHERE aws_enabled = ? AND aws_endpoint = ? AND aws_region = ?;
SELECT id FROM environments WHERE vault_enabled = ? AND vault_url = ? AND vault_mount = ? AND vault_namespace = ?;

-- src/environments/save.rs
INSERT INTO environments (name, display_name, description, stage, is_production, needs_approval, access, is_active, aws_enabled, aws_region, aws_endpoint, aws_path_template, vault_enabled, vault_url, vault_mount, vault_namespace, vault_path_template, row_version, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '', ?, '', '', '', '', 1, ?, ?);
SELECT id FROM environments WHERE id = ? {lock};
SELECT id FROM environments WHERE name = ? AND id <> ?;
UPDATE environments SET aws_enabled = ?, vault_enabled = ? WHERE id = ?;
UPDATE environments SET aws_region = ?, aws_endpoint = ?, aws_path_template = ?, aws_role_arn = ?, aws_external_id = ?, aws_kms_key = ?, aws_tags = ? WHERE id = ?;
UPDATE environments SET display_name = ?, description = ?, stage = ?, is_production = ?, needs_approval = ?, access = ?, row_version = row_version + 1, updated_at = ? WHERE id = ?;
UPDATE environments SET is_active = ?, row_version = row_version + 1, updated_at = ? WHERE id = ?;
UPDATE environments SET vault_url = ?, vault_mount = ?, vault_namespace = ?, vault_path_template = ?, vault_role_id = ?, vault_auth_mount = ?, vault_authority = ? WHERE id = ?;

-- src/environments/shelf.rs
SELECT id FROM backend_credentials WHERE environment_id = ? AND backend = ?;

-- src/imports/confirm.rs
UPDATE imports SET outcome = ?, ciphertext = NULL, nonce = NULL, wrapped_key = NULL, key_id = NULL, expires_at = ?, updated_at = ? WHERE id = ? AND outcome IS NULL;

-- src/imports/gather.rs
SELECT uid FROM secrets WHERE 1 = 1;
SELECT uid FROM secrets WHERE 1 = 1 AND uid IN (?);

-- src/imports/hold.rs
DELETE FROM imports WHERE expires_at <= ?;
DELETE FROM imports WHERE expires_at <= ? AND id IN (?);
DELETE FROM imports WHERE id = ? AND outcome IS NULL;
DELETE FROM imports WHERE id = ? AND outcome IS NULL AND id IN (?);
DELETE FROM imports WHERE outcome IS NULL AND user_id = ?;
DELETE FROM imports WHERE outcome IS NULL AND user_id = ? AND id IN (?);
INSERT INTO imports (uid, user_id, environment_id, format, origin, secret_type, secrecy_level, row_count, ciphertext, nonce, wrapped_key, key_id, outcome, expires_at, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?, ?);
SELECT ciphertext, nonce, wrapped_key, key_id FROM imports WHERE id = ?;
SELECT ciphertext, nonce, wrapped_key, key_id FROM imports WHERE id = ? AND id IN (?);
SELECT ciphertext, nonce, wrapped_key, key_id FROM imports WHERE id = ? ORDER BY id DESC LIMIT 50;
SELECT id FROM imports WHERE expires_at <= ? ORDER BY expires_at LIMIT 1;
SELECT id FROM imports WHERE outcome IS NULL AND user_id = ?;
SELECT id FROM imports WHERE outcome IS NULL AND user_id = ? AND id IN (?);
SELECT id FROM imports WHERE outcome IS NULL AND user_id = ? ORDER BY id DESC LIMIT 50;
SELECT id, uid, environment_id, format, origin, secret_type, secrecy_level, row_count, outcome, expires_at, updated_at FROM imports WHERE id = ? AND user_id = ?;
SELECT id, uid, environment_id, format, origin, secret_type, secrecy_level, row_count, outcome, expires_at, updated_at FROM imports WHERE id = ? AND user_id = ? AND id IN (?);
SELECT id, uid, environment_id, format, origin, secret_type, secrecy_level, row_count, outcome, expires_at, updated_at FROM imports WHERE id = ? AND user_id = ? ORDER BY id DESC LIMIT 50;

-- src/imports/plan.rs
SELECT secret_id, digest FROM secret_versions WHERE state = 'current';
SELECT secret_id, digest FROM secret_versions WHERE state = 'current' AND secret_id IN (?);

-- src/imports/rewrap.rs
SELECT COUNT(*) FROM (SELECT 1 AS one FROM imports WHERE key_id = ? AND wrapped_key IS NOT NULL LIMIT 1001) t;
SELECT COUNT(*) FROM (SELECT 1 AS one FROM imports WHERE key_id > ? AND key_id < ? AND wrapped_key IS NOT NULL LIMIT 1) t;
SELECT COUNT(*) FROM imports WHERE key_id <> ? AND wrapped_key IS NOT NULL;
SELECT MIN(key_id) FROM imports WHERE key_id > ?;
SELECT id, uid, environment_id, wrapped_key FROM imports WHERE key_id = ? AND id > ? AND wrapped_key IS NOT NULL ORDER BY id LIMIT ?;
UPDATE imports SET wrapped_key = ?, key_id = ?, updated_at = ? WHERE id = ? AND wrapped_key = ?;

-- src/outbox/mod.rs
INSERT INTO jobs (kind, secret_id, backend, version_number, state, attempts, run_at, lease_token, created_at, updated_at) VALUES (?, ?, ?, ?, 'waiting', 0, ?, 0, ?, ?);
SELECT id FROM jobs WHERE kind = 'push' AND backend = ? AND state = 'waiting';
SELECT id FROM jobs WHERE kind = 'push' AND backend = ? AND state = 'waiting' AND id IN (?);
SELECT id FROM jobs WHERE kind = 'push' AND backend = ? AND state = 'waiting' AND secret_id IN (?);
SELECT id, kind, secret_id, backend, version_number, attempts, lease_token FROM jobs j WHERE backend = ? AND state IN ('waiting', 'leased') AND run_at <= ? AND NOT EXISTS (SELECT 1 FROM jobs o WHERE o.secret_id = j.secret_id AND o.backend = j.backend AND o.kind = j.kind AND o.state IN ('waiting', 'leased') AND o.id < j.id) ORDER BY run_at, id LIMIT 1 {skip};
SELECT run_at FROM jobs WHERE backend = ? AND state IN ('waiting', 'leased') ORDER BY run_at LIMIT 1;
UPDATE jobs SET run_at = ?, updated_at = ? WHERE id = ? AND state = 'waiting';
UPDATE jobs SET run_at = ?, updated_at = ? WHERE id = ? AND state = 'waiting' AND id IN (?);
UPDATE jobs SET run_at = ?, updated_at = ? WHERE id = ? AND state = 'waiting' AND secret_id IN (?);
UPDATE jobs SET state = 'done', lease_until = NULL, lease_token = lease_token + 1, updated_at = ? WHERE secret_id = ? AND backend = ? AND state IN ('waiting', 'leased');
UPDATE jobs SET state = 'done', lease_until = NULL, lease_token = lease_token + 1, updated_at = ? WHERE secret_id = ? AND backend = ? AND state IN ('waiting', 'leased') AND id IN (?);
UPDATE jobs SET state = 'done', lease_until = NULL, lease_token = lease_token + 1, updated_at = ? WHERE secret_id = ? AND backend = ? AND state IN ('waiting', 'leased') AND secret_id IN (?);
UPDATE jobs SET state = 'done', updated_at = ? WHERE state = 'waiting';
UPDATE jobs SET state = 'done', updated_at = ? WHERE state = 'waiting' AND id IN (?);
UPDATE jobs SET state = 'done', updated_at = ? WHERE state = 'waiting' AND secret_id IN (?);
UPDATE jobs SET state = 'leased', attempts = ?, lease_token = ?, lease_until = ?, run_at = ?, updated_at = ? WHERE id = ?;
UPDATE jobs SET state = 'leased', attempts = ?, lease_token = ?, lease_until = ?, run_at = ?, updated_at = ? WHERE id = ? AND id IN (?);
UPDATE jobs SET state = 'leased', attempts = ?, lease_token = ?, lease_until = ?, run_at = ?, updated_at = ? WHERE id = ? AND secret_id IN (?);
UPDATE jobs SET state = ?, run_at = ?, lease_until = NULL, last_error = ?, updated_at = ? WHERE id = ? AND state = 'leased' AND lease_token = ?;
UPDATE jobs SET state = ?, run_at = ?, lease_until = NULL, last_error = ?, updated_at = ? WHERE id = ? AND state = 'leased' AND lease_token = ? AND id IN (?);
UPDATE jobs SET state = ?, run_at = ?, lease_until = NULL, last_error = ?, updated_at = ? WHERE id = ? AND state = 'leased' AND lease_token = ? AND secret_id IN (?);

-- src/people/add.rs
INSERT INTO users (username, email, display_name, auth_method, role, password_hash, is_active, auth_epoch, failed_count, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, 1, 0, ?, ?);

-- src/people/arrive.rs
INSERT INTO users (username, email, display_name, auth_method, role, identity_provider, saml_subject_id, is_active, auth_epoch, failed_count, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 0, ?, ?);
UPDATE users SET email = ?, display_name = ?, updated_at = ? WHERE id = ?;

-- src/people/change.rs
SELECT id FROM users WHERE role = 'admin' AND is_active = ? AND id <> ? AND (auth_method <> 'database' OR password_hash IS NOT NULL) ORDER BY id {lock};
UPDATE users SET is_active = ?, updated_at = ? WHERE id = ?;
UPDATE users SET role = ?, is_break_glass = ?, updated_at = ? WHERE id = ?;

-- src/people/epoch.rs
UPDATE users SET auth_epoch = auth_epoch + 1, updated_at = ? WHERE 1 = 1;

-- src/people/import/mod.rs
INSERT INTO users (username, email, display_name, auth_method, role, password_hash, is_active, auth_epoch, failed_count, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- src/people/import/row.rs
SELECT username, email, display_name, auth_method, role, is_active, password_hash FROM users WHERE 1 = 1;
SELECT username, email, display_name, auth_method, role, is_active, password_hash FROM users WHERE 1 = 1 AND username IN (?);
SELECT username, id FROM users WHERE 1 = 1;
SELECT username, id FROM users WHERE 1 = 1 AND username IN (?);

-- src/people/method.rs
DELETE FROM environment_members WHERE user_id = ? AND identity_provider IS NOT NULL;
UPDATE users SET auth_method = ?, password_hash = ?, identity_provider = ?, saml_subject_id = ?, is_break_glass = ?, failed_count = 0, updated_at = ? WHERE id = ?;

-- src/people/password.rs
UPDATE users SET password_hash = ?, auth_method = 'database', failed_count = 0, updated_at = ? WHERE id = ?;

-- src/people/policy.rs
SELECT COUNT(*) FROM sign_in_policy WHERE sso_only = ?;
SELECT id FROM sign_in_policy WHERE sso_only = ? {lock};
SELECT id, username FROM users WHERE is_break_glass = ? AND is_active = ? AND role = 'admin' AND auth_method = 'database' AND password_hash IS NOT NULL ORDER BY id;
UPDATE sign_in_policy SET sso_only = ?, updated_at = ? WHERE id = 1 AND sso_only <> ?;
UPDATE users SET is_break_glass = ?, updated_at = ? WHERE id = ?;

-- src/people/row.rs
SELECT COUNT(*) FROM users;
SELECT id, username, email, display_name, auth_method, role, identity_provider, saml_subject_id, is_active, is_break_glass, auth_epoch, failed_count, failed_at, last_login_at, created_at, updated_at FROM users WHERE 1 = 1;
SELECT id, username, email, display_name, auth_method, role, identity_provider, saml_subject_id, is_active, is_break_glass, auth_epoch, failed_count, failed_at, last_login_at, created_at, updated_at FROM users WHERE 1 = 1 AND id = ?;
SELECT id, username, email, display_name, auth_method, role, identity_provider, saml_subject_id, is_active, is_break_glass, auth_epoch, failed_count, failed_at, last_login_at, created_at, updated_at FROM users WHERE 1 = 1 AND id = ? {lock};
SELECT id, username, email, display_name, auth_method, role, identity_provider, saml_subject_id, is_active, is_break_glass, auth_epoch, failed_count, failed_at, last_login_at, created_at, updated_at FROM users WHERE 1 = 1 AND identity_provider = ? AND saml_subject_id = ? {lock};
SELECT id, username, email, display_name, auth_method, role, identity_provider, saml_subject_id, is_active, is_break_glass, auth_epoch, failed_count, failed_at, last_login_at, created_at, updated_at FROM users WHERE 1 = 1 AND username = ?;
SELECT id, username, email, display_name, auth_method, role, identity_provider, saml_subject_id, is_active, is_break_glass, auth_epoch, failed_count, failed_at, last_login_at, created_at, updated_at FROM users WHERE 1 = 1 AND username >= ? AND username <= ?;

-- src/people/second/check.rs
DELETE FROM recovery_codes WHERE user_id = ? AND digest = ?;
UPDATE second_factors SET failed_count = 0, updated_at = ? WHERE user_id = ? AND state = 'active';
UPDATE second_factors SET failed_count = failed_count + 1, failed_at = ?, updated_at = ? WHERE id = ?;
UPDATE second_factors SET last_step = ?, failed_count = 0, updated_at = ? WHERE id = ?;

-- src/people/second/recovery.rs
DELETE FROM recovery_codes WHERE user_id = ?;
INSERT INTO recovery_codes (user_id, digest, created_at, updated_at) VALUES (?, ?, ?, ?);

-- src/people/second/remove.rs
DELETE FROM recovery_codes WHERE user_id = ?;
DELETE FROM second_factors WHERE user_id = ?;
DELETE FROM second_factors WHERE user_id = ? AND state = 'pending';

-- src/people/second/rewrap.rs
SELECT COUNT(*) FROM (SELECT 1 AS one FROM second_factors WHERE key_id = ? AND wrapped_key IS NOT NULL LIMIT 1001) t;
SELECT COUNT(*) FROM (SELECT 1 AS one FROM second_factors WHERE key_id > ? AND key_id < ? AND wrapped_key IS NOT NULL LIMIT 1) t;
SELECT COUNT(*) FROM second_factors WHERE key_id <> ? AND wrapped_key IS NOT NULL;
SELECT MIN(key_id) FROM second_factors WHERE key_id > ?;
SELECT f.id, f.user_id, u.username, f.wrapped_key FROM second_factors f JOIN users u ON u.id = f.user_id WHERE f.key_id = ? AND f.id > ? ORDER BY f.id LIMIT ?;
UPDATE second_factors SET wrapped_key = ?, key_id = ?, updated_at = ? WHERE id = ? AND wrapped_key = ?;

-- src/people/second/row.rs
SELECT COUNT(*) FROM recovery_codes WHERE user_id = ?;
SELECT created_at FROM second_factors WHERE user_id = ? AND state = 'active';
SELECT id, last_step, failed_count, failed_at, ciphertext, nonce, wrapped_key, key_id FROM second_factors WHERE user_id = ? AND state = ?;

-- src/people/second/set.rs
DELETE FROM second_factors WHERE user_id = ? AND state = 'active';
DELETE FROM second_factors WHERE user_id = ? AND state = 'pending';
INSERT INTO second_factors (user_id, state, last_step, failed_count, ciphertext, nonce, wrapped_key, key_id, created_at, updated_at) VALUES (?, 'pending', 0, 0, ?, ?, ?, ?, ?, ?);
UPDATE second_factors SET state = 'active', last_step = ?, created_at = ?, updated_at = ? WHERE id = ?;

-- src/people/services/caller.rs
SELECT t.id AS token_id, t.last_used_at, a.id, a.name, a.owner_id, a.role, u.role AS owner_role, a.scopes, a.all_environments, c.environment_id FROM service_tokens t JOIN service_accounts a ON a.id = t.service_account_id JOIN users u ON u.id = a.owner_id LEFT JOIN service_account_environments c ON c.service_account_id = a.id WHERE t.token_hash = ? AND t.revoked_at IS NULL AND t.expires_at > ? AND a.is_active = ? AND u.is_active = ?;
UPDATE service_tokens SET last_used_at = ?, last_used_addr = ?, updated_at = ? WHERE id = ?;

-- src/people/services/row.rs
SELECT a.id, a.name, a.description, a.owner_id, u.username AS owner_name, u.role AS owner_role, u.is_active AS owner_is_active, a.role, a.scopes, a.all_environments, a.is_active, a.created_by, a.row_version, a.created_at, a.updated_at FROM service_accounts a JOIN users u ON u.id = a.owner_id WHERE 1 = 1;
SELECT a.id, a.name, a.description, a.owner_id, u.username AS owner_name, u.role AS owner_role, u.is_active AS owner_is_active, a.role, a.scopes, a.all_environments, a.is_active, a.created_by, a.row_version, a.created_at, a.updated_at FROM service_accounts a JOIN users u ON u.id = a.owner_id WHERE 1 = 1 AND a.id = ?;
SELECT a.id, a.name, a.description, a.owner_id, u.username AS owner_name, u.role AS owner_role, u.is_active AS owner_is_active, a.role, a.scopes, a.all_environments, a.is_active, a.created_by, a.row_version, a.created_at, a.updated_at FROM service_accounts a JOIN users u ON u.id = a.owner_id WHERE 1 = 1 AND a.name = ?;
SELECT c.service_account_id, c.environment_id, e.name FROM service_account_environments c JOIN environments e ON e.id = c.environment_id WHERE 1 = 1;
SELECT c.service_account_id, c.environment_id, e.name FROM service_account_environments c JOIN environments e ON e.id = c.environment_id WHERE 1 = 1 AND c.service_account_id IN (?);
SELECT c.service_account_id, c.environment_id, e.name FROM service_account_environments c JOIN environments e ON e.id = c.environment_id WHERE 1 = 1 AND service_account_id IN (?);
SELECT c.service_account_id, c.environment_id, e.name FROM service_account_environments c JOIN environments e ON e.id = c.environment_id WHERE 1 = 1 ORDER BY e.name;
SELECT environment_id FROM service_account_environments WHERE service_account_id = ?;
SELECT environment_id FROM service_account_environments WHERE service_account_id = ? AND service_account_id = ? AND id = ?;
SELECT environment_id FROM service_account_environments WHERE service_account_id = ? AND service_account_id = ? ORDER BY id DESC LIMIT ?;
SELECT environment_id FROM service_account_environments WHERE service_account_id = ? AND service_account_id IN (?);
SELECT id FROM service_accounts WHERE id = ? {lock};
SELECT id, service_account_id, hint, expires_at, last_used_at, last_used_addr, created_by, revoked_at, created_at FROM service_tokens WHERE 1 = 1;
SELECT id, service_account_id, hint, expires_at, last_used_at, last_used_addr, created_by, revoked_at, created_at FROM service_tokens WHERE 1 = 1 AND revoked_at IS NULL AND expires_at > ?;
SELECT id, service_account_id, hint, expires_at, last_used_at, last_used_addr, created_by, revoked_at, created_at FROM service_tokens WHERE 1 = 1 AND service_account_id = ? AND id = ?;
SELECT id, service_account_id, hint, expires_at, last_used_at, last_used_addr, created_by, revoked_at, created_at FROM service_tokens WHERE 1 = 1 AND service_account_id = ? AND revoked_at IS NULL AND expires_at > ? ORDER BY id;
SELECT id, service_account_id, hint, expires_at, last_used_at, last_used_addr, created_by, revoked_at, created_at FROM service_tokens WHERE 1 = 1 AND service_account_id = ? ORDER BY id DESC LIMIT ?;
SELECT id, service_account_id, hint, expires_at, last_used_at, last_used_addr, created_by, revoked_at, created_at FROM service_tokens WHERE 1 = 1 AND service_account_id IN (?);
SELECT id, service_account_id, hint, expires_at, last_used_at, last_used_addr, created_by, revoked_at, created_at FROM service_tokens WHERE 1 = 1 ORDER BY expires_at, id;

-- src/people/services/save.rs
DELETE FROM service_account_environments WHERE service_account_id = ?;
DELETE FROM service_account_environments WHERE service_account_id = ? AND id IN (?);
INSERT INTO service_account_environments (service_account_id, environment_id, created_at, updated_at) VALUES (?, ?, ?, ?);
INSERT INTO service_accounts (name, description, owner_id, role, scopes, all_environments, is_active, created_by, row_version, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?);
SELECT id FROM environments WHERE 1 = 1;
SELECT id FROM environments WHERE 1 = 1 AND id IN (?);
UPDATE service_accounts SET description = ?, owner_id = ?, role = ?, scopes = ?, all_environments = ?, row_version = row_version + 1, updated_at = ? WHERE id = ?;
UPDATE service_accounts SET description = ?, owner_id = ?, role = ?, scopes = ?, all_environments = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND id IN (?);
UPDATE service_accounts SET is_active = ?, row_version = row_version + 1, updated_at = ? WHERE id = ?;
UPDATE service_accounts SET is_active = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND id IN (?);
UPDATE service_tokens SET revoked_at = ?, updated_at = ? WHERE service_account_id = ? AND revoked_at IS NULL AND expires_at > ?;
UPDATE service_tokens SET revoked_at = ?, updated_at = ? WHERE service_account_id = ? AND revoked_at IS NULL AND expires_at > ? AND id IN (?);

-- src/people/services/tokens.rs
INSERT INTO service_tokens (service_account_id, token_hash, hint, expires_at, last_used_addr, created_by, created_at, updated_at) VALUES (?, ?, ?, ?, '', ?, ?, ?);
UPDATE service_tokens SET expires_at = ?, updated_at = ? WHERE service_account_id = ? AND revoked_at IS NULL AND expires_at > ?;
UPDATE service_tokens SET revoked_at = ?, updated_at = ? WHERE id = ?;

-- src/providers/keys.rs
DELETE FROM saml_keys WHERE id = ?;
INSERT INTO saml_keys (state, certificate, fingerprint, expires_at, ciphertext, nonce, wrapped_key, key_id, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
SELECT id FROM system_keys ORDER BY id LIMIT 1 {lock};
SELECT id, certificate, fingerprint, ciphertext, nonce, wrapped_key, key_id FROM saml_keys WHERE 1 = 1;
SELECT id, certificate, fingerprint, ciphertext, nonce, wrapped_key, key_id FROM saml_keys WHERE 1 = 1 AND state = 'active' ORDER BY id LIMIT 1;
SELECT id, certificate, fingerprint, ciphertext, nonce, wrapped_key, key_id FROM saml_keys WHERE 1 = 1 ORDER BY state, id;
SELECT id, fingerprint FROM saml_keys WHERE state = 'next' {lock};
SELECT id, state, certificate, fingerprint, expires_at, created_at FROM saml_keys ORDER BY state, id;
SELECT state FROM saml_keys ORDER BY id {lock};
SELECT state, fingerprint FROM saml_keys WHERE id = ? {lock};
UPDATE saml_keys SET state = 'active', updated_at = ? WHERE id = ?;
UPDATE saml_keys SET state = 'former', updated_at = ? WHERE state = 'active';

-- src/providers/known.rs
SELECT COUNT(*) FROM identity_providers WHERE is_active = ? AND signs_requests = ?;
SELECT COUNT(*) FROM identity_providers WHERE is_active = ? AND signs_requests = ? AND entity_id = ?;
SELECT COUNT(*) FROM identity_providers WHERE is_active = ? AND signs_requests = ? AND id = ?;
SELECT COUNT(*) FROM identity_providers WHERE is_active = ? AND signs_requests = ? AND name = ?;
SELECT id FROM identity_providers WHERE id = ? AND is_active = ? {lock};
SELECT name, display_name, makes_accounts FROM identity_providers WHERE is_active = ? ORDER BY display_name, id;

-- src/providers/refresh.rs
SELECT id FROM identity_providers WHERE name = ? AND id <> ? AND is_active = ? AND fetch_at <= ? ORDER BY fetch_at LIMIT ?;
SELECT id, name, display_name, entity_id, metadata_url, metadata, groups_attribute, email_attribute, name_attribute, makes_accounts, signs_requests, asks_again, allows_unasked, wants_encrypted, clock_skew, is_active, serial, fetched_at, fetch_error, row_version, created_at, updated_at FROM identity_providers WHERE 1 = 1 AND is_active = ? AND fetch_at <= ? ORDER BY fetch_at LIMIT ?;
SELECT name FROM identity_providers WHERE entity_id = ? AND id <> ? AND is_active = ? AND fetch_at <= ? ORDER BY fetch_at LIMIT ?;
UPDATE identity_providers SET fetch_at = ?, updated_at = ? WHERE id = ? AND fetch_at <= ?;
UPDATE identity_providers SET fetch_error = ?, updated_at = ? WHERE id = ?;
UPDATE identity_providers SET metadata = ?, serial = ?, fetched_at = ?, fetch_at = ?, fetch_error = '', updated_at = ? WHERE id = ?;

-- src/providers/rewrap.rs
SELECT COUNT(*) FROM (SELECT 1 AS one FROM saml_keys WHERE key_id = ? AND wrapped_key IS NOT NULL LIMIT 1001) t;
SELECT COUNT(*) FROM (SELECT 1 AS one FROM saml_keys WHERE key_id > ? AND key_id < ? AND wrapped_key IS NOT NULL LIMIT 1) t;
SELECT COUNT(*) FROM saml_keys WHERE key_id <> ? AND wrapped_key IS NOT NULL;
SELECT MIN(key_id) FROM saml_keys WHERE key_id > ?;
SELECT id, fingerprint, wrapped_key FROM saml_keys WHERE key_id = ? AND id > ? ORDER BY id LIMIT ?;
UPDATE saml_keys SET wrapped_key = ?, key_id = ?, updated_at = ? WHERE id = ? AND wrapped_key = ?;

-- src/providers/row.rs
SELECT d.group_id, d.environment_id, e.name FROM identity_provider_doors d JOIN identity_provider_groups g ON g.id = d.group_id JOIN environments e ON e.id = d.environment_id WHERE g.identity_provider_id = ? ORDER BY e.name;
SELECT id, group_name, role FROM identity_provider_groups WHERE identity_provider_id = ? ORDER BY position;
SELECT id, name, display_name, entity_id, metadata_url, metadata, groups_attribute, email_attribute, name_attribute, makes_accounts, signs_requests, asks_again, allows_unasked, wants_encrypted, clock_skew, is_active, serial, fetched_at, fetch_error, row_version, created_at, updated_at FROM identity_providers WHERE 1 = 1;
SELECT id, name, display_name, entity_id, metadata_url, metadata, groups_attribute, email_attribute, name_attribute, makes_accounts, signs_requests, asks_again, allows_unasked, wants_encrypted, clock_skew, is_active, serial, fetched_at, fetch_error, row_version, created_at, updated_at FROM identity_providers WHERE 1 = 1 AND id = ?;
SELECT id, name, display_name, entity_id, metadata_url, metadata, groups_attribute, email_attribute, name_attribute, makes_accounts, signs_requests, asks_again, allows_unasked, wants_encrypted, clock_skew, is_active, serial, fetched_at, fetch_error, row_version, created_at, updated_at FROM identity_providers WHERE 1 = 1 AND id = ? {lock};
SELECT id, name, display_name, entity_id, metadata_url, metadata, groups_attribute, email_attribute, name_attribute, makes_accounts, signs_requests, asks_again, allows_unasked, wants_encrypted, clock_skew, is_active, serial, fetched_at, fetch_error, row_version, created_at, updated_at FROM identity_providers WHERE 1 = 1 ORDER BY name;

-- src/providers/save.rs
DELETE FROM identity_provider_groups WHERE identity_provider_id = ?;
DELETE FROM identity_providers WHERE id = ?;
INSERT INTO identity_provider_doors (group_id, environment_id, created_at, updated_at) VALUES (?, ?, ?, ?);
INSERT INTO identity_provider_groups (identity_provider_id, position, group_name, role, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?);
INSERT INTO identity_providers (name, display_name, entity_id, metadata_url, metadata, groups_attribute, email_attribute, name_attribute, makes_accounts, signs_requests, asks_again, allows_unasked, wants_encrypted, clock_skew, is_active, serial, fetched_at, fetch_at, fetch_error, row_version, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, '', 1, ?, ?);
SELECT id FROM environments WHERE name = ?;
SELECT id FROM identity_providers WHERE name = ? AND id <> ?;
SELECT name FROM identity_providers WHERE entity_id = ? AND id <> ?;
UPDATE identity_providers SET is_active = ?, row_version = row_version + 1, updated_at = ? WHERE id = ?;
UPDATE identity_providers SET name = ?, display_name = ?, metadata_url = ?, metadata = ?, groups_attribute = ?, email_attribute = ?, name_attribute = ?, makes_accounts = ?, signs_requests = ?, asks_again = ?, allows_unasked = ?, wants_encrypted = ?, clock_skew = ?, serial = ?, fetched_at = ?, fetch_at = ?, fetch_error = '', row_version = row_version + 1, updated_at = ? WHERE id = ?;

-- src/rekey/start.rs
INSERT INTO rewraps (key_id, place, from_key, after_id, total, rewrapped, failed, state, open_slot, lease_token, lease_until, trouble, actor_name, ended_at, created_at, updated_at) VALUES (?, ?, '', 0, NULL, 0, 0, 'running', 1, 0, NULL, '', ?, NULL, ?, ?);

-- src/rekey/status.rs
SELECT id, key_id, place, from_key, after_id, total, rewrapped, failed, state, trouble, actor_name, ended_at, created_at FROM rewraps ORDER BY id DESC LIMIT 1;
SELECT label, why FROM rewrap_failures WHERE rewrap_id = ? ORDER BY id LIMIT 50;

-- src/rekey/work.rs
DELETE FROM rewrap_failures WHERE rewrap_id = ?;
INSERT INTO rewrap_failures (rewrap_id, place, row_id, label, why, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?);
SELECT lease_token FROM rewraps WHERE id = ? AND state = 'running' AND (lease_until IS NULL OR lease_until <= ?) {skip};
UPDATE rewraps SET key_id = ?, place = ?, from_key = '', after_id = 0, total = NULL, rewrapped = 0, failed = 0, updated_at = ? WHERE id = ?;
UPDATE rewraps SET lease_token = ?, lease_until = ?, updated_at = ? WHERE id = ?;
UPDATE rewraps SET place = ?, from_key = ?, after_id = ?, rewrapped = rewrapped + ?, failed = failed + ?, updated_at = ? WHERE id = ?;
UPDATE rewraps SET state = 'done', open_slot = NULL, ended_at = ?, updated_at = ? WHERE id = ?;
UPDATE rewraps SET total = ?, updated_at = ? WHERE id = ?;
UPDATE rewraps SET trouble = ?, lease_until = NULL, updated_at = ? WHERE id = ? AND lease_token = ?;

-- src/rotations/end.rs
UPDATE rotation_steps SET status = 'skipped', updated_at = ? WHERE rotation_id = ? AND status IN ('waiting', 'running');
UPDATE rotations SET run_at = NULL, lease_until = NULL, attempts = 0, updated_at = ? WHERE id = ? AND is_undoing = ?;

-- src/rotations/lease.rs
SELECT id, lease_token FROM rotations WHERE run_at <= ? ORDER BY run_at, id LIMIT 1 {skip};
SELECT run_at FROM rotations WHERE run_at IS NOT NULL ORDER BY run_at LIMIT 1;
UPDATE rotation_steps SET status = ?, detail = ?, started_at = ?, finished_at = ?, updated_at = ? WHERE id = ?;
UPDATE rotations SET is_undoing = ?, attempts = 0, row_version = row_version + 1, updated_at = ? WHERE id = ?;
UPDATE rotations SET lease_token = ?, lease_until = ?, run_at = ?, attempts = attempts + 1, updated_at = ? WHERE id = ?;
UPDATE rotations SET run_at = ?, lease_until = NULL, updated_at = ? WHERE id = ?;
UPDATE rotations SET updated_at = ? WHERE id = ? AND lease_token = ? AND status = 'running' AND run_at IS NOT NULL;

-- src/rotations/list.rs
SELECT id, secret_id, environment_id, status, mode, reason, actor_id, actor_name, from_version, to_version, started_at, finished_at, run_at, lease_until, attempts, is_undoing, row_version, created_at, updated_at FROM rotations WHERE 1 = 1 AND environment_id IN (?);
SELECT id, secret_id, environment_id, status, mode, reason, actor_id, actor_name, from_version, to_version, started_at, finished_at, run_at, lease_until, attempts, is_undoing, row_version, created_at, updated_at FROM rotations WHERE 1 = 1 AND secret_id = ?;
SELECT id, secret_id, environment_id, status, mode, reason, actor_id, actor_name, from_version, to_version, started_at, finished_at, run_at, lease_until, attempts, is_undoing, row_version, created_at, updated_at FROM rotations WHERE 1 = 1 AND secret_id = ? ORDER BY id DESC LIMIT ?;
SELECT id, secret_id, environment_id, status, mode, reason, actor_id, actor_name, from_version, to_version, started_at, finished_at, run_at, lease_until, attempts, is_undoing, row_version, created_at, updated_at FROM rotations WHERE 1 = 1 AND status = ?;
SELECT r.secret_id, r.id FROM rotations r WHERE NOT EXISTS (SELECT 1 FROM rotations o WHERE o.secret_id = r.secret_id AND o.id > r.id) AND environment_id IN (?);
SELECT r.secret_id, r.id FROM rotations r WHERE NOT EXISTS (SELECT 1 FROM rotations o WHERE o.secret_id = r.secret_id AND o.id > r.id) AND secret_id = ?;
SELECT r.secret_id, r.id FROM rotations r WHERE NOT EXISTS (SELECT 1 FROM rotations o WHERE o.secret_id = r.secret_id AND o.id > r.id) AND secret_id = ? ORDER BY id DESC LIMIT ?;
SELECT r.secret_id, r.id FROM rotations r WHERE NOT EXISTS (SELECT 1 FROM rotations o WHERE o.secret_id = r.secret_id AND o.id > r.id) AND status = ?;
UPDATE rotation_steps SET status = 'running', finished_at = NULL, updated_at = ? WHERE rotation_id = ? AND step = 'source' AND status = ?;
UPDATE rotation_steps SET status = 'skipped', updated_at = ? WHERE rotation_id = ? AND status IN ('waiting', 'running') AND status = ?;
UPDATE rotation_steps SET status = ?, detail = ?, finished_at = ?, updated_at = ? WHERE id = ? AND status = ?;
UPDATE rotation_steps SET status = ?, detail = ?, started_at = ?, finished_at = ?, updated_at = ? WHERE id = ? AND status = ?;
UPDATE rotations SET is_undoing = ?, attempts = 0, row_version = row_version + 1, updated_at = ? WHERE id = ? AND environment_id IN (?);
UPDATE rotations SET is_undoing = ?, attempts = 0, row_version = row_version + 1, updated_at = ? WHERE id = ? AND secret_id = ?;
UPDATE rotations SET is_undoing = ?, attempts = 0, row_version = row_version + 1, updated_at = ? WHERE id = ? AND status = ?;
UPDATE rotations SET lease_token = ?, lease_until = ?, run_at = ?, attempts = attempts + 1, updated_at = ? WHERE id = ? AND environment_id IN (?);
UPDATE rotations SET lease_token = ?, lease_until = ?, run_at = ?, attempts = attempts + 1, updated_at = ? WHERE id = ? AND secret_id = ?;
UPDATE rotations SET lease_token = ?, lease_until = ?, run_at = ?, attempts = attempts + 1, updated_at = ? WHERE id = ? AND status = ?;
UPDATE rotations SET run_at = ? WHERE id = ? AND lease_until IS NULL AND environment_id IN (?);
UPDATE rotations SET run_at = ? WHERE id = ? AND lease_until IS NULL AND secret_id = ?;
UPDATE rotations SET run_at = ? WHERE id = ? AND lease_until IS NULL AND status = ?;
UPDATE rotations SET run_at = ?, lease_until = NULL, updated_at = ? WHERE id = ? AND environment_id IN (?);
UPDATE rotations SET run_at = ?, lease_until = NULL, updated_at = ? WHERE id = ? AND secret_id = ?;
UPDATE rotations SET run_at = ?, lease_until = NULL, updated_at = ? WHERE id = ? AND status = ?;
UPDATE rotations SET run_at = NULL, lease_until = NULL, attempts = 0, updated_at = ? WHERE id = ? AND is_undoing = ? AND environment_id IN (?);
UPDATE rotations SET run_at = NULL, lease_until = NULL, attempts = 0, updated_at = ? WHERE id = ? AND is_undoing = ? AND secret_id = ?;
UPDATE rotations SET run_at = NULL, lease_until = NULL, attempts = 0, updated_at = ? WHERE id = ? AND is_undoing = ? AND status = ?;
UPDATE rotations SET status = 'running', run_at = ?, lease_until = NULL, attempts = 0, finished_at = NULL, row_version = row_version + 1, updated_at = ? WHERE id = ? AND environment_id IN (?);
UPDATE rotations SET status = 'running', run_at = ?, lease_until = NULL, attempts = 0, finished_at = NULL, row_version = row_version + 1, updated_at = ? WHERE id = ? AND secret_id = ?;
UPDATE rotations SET status = 'running', run_at = ?, lease_until = NULL, attempts = 0, finished_at = NULL, row_version = row_version + 1, updated_at = ? WHERE id = ? AND status = ?;
UPDATE rotations SET status = ?, finished_at = ?, run_at = NULL, lease_until = NULL, row_version = row_version + 1, updated_at = ? WHERE id = ? AND status = 'running' AND environment_id IN (?);
UPDATE rotations SET status = ?, finished_at = ?, run_at = NULL, lease_until = NULL, row_version = row_version + 1, updated_at = ? WHERE id = ? AND status = 'running' AND secret_id = ?;
UPDATE rotations SET status = ?, finished_at = ?, run_at = NULL, lease_until = NULL, row_version = row_version + 1, updated_at = ? WHERE id = ? AND status = 'running' AND status = ?;
UPDATE rotations SET status = ?, from_version = ?, to_version = ?, started_at = ?, finished_at = ?, run_at = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND status = ? AND environment_id IN (?);
UPDATE rotations SET status = ?, from_version = ?, to_version = ?, started_at = ?, finished_at = ?, run_at = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND status = ? AND secret_id = ?;
UPDATE rotations SET status = ?, from_version = ?, to_version = ?, started_at = ?, finished_at = ?, run_at = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND status = ? AND status = ?;
UPDATE rotations SET updated_at = ? WHERE id = ? AND lease_token = ? AND status = 'running' AND run_at IS NOT NULL AND environment_id IN (?);
UPDATE rotations SET updated_at = ? WHERE id = ? AND lease_token = ? AND status = 'running' AND run_at IS NOT NULL AND secret_id = ?;
UPDATE rotations SET updated_at = ? WHERE id = ? AND lease_token = ? AND status = 'running' AND run_at IS NOT NULL AND status = ?;

-- src/rotations/new.rs
INSERT INTO rotation_steps (rotation_id, position, step, status, detail, started_at, finished_at, created_at, updated_at) VALUES (?, ?, ?, ?, '', ?, ?, ?, ?);
INSERT INTO rotations (secret_id, environment_id, status, mode, reason, actor_id, actor_name, from_version, to_version, started_at, finished_at, run_at, row_version, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?);
SELECT r.secret_id, r.id FROM rotations r WHERE NOT EXISTS (SELECT 1 FROM rotations o WHERE o.secret_id = r.secret_id AND o.id > r.id);
SELECT r.secret_id, r.id FROM rotations r WHERE NOT EXISTS (SELECT 1 FROM rotations o WHERE o.secret_id = r.secret_id AND o.id > r.id) AND r.secret_id IN (?);
UPDATE rotations SET status = ?, from_version = ?, to_version = ?, started_at = ?, finished_at = ?, run_at = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND status = ?;

-- src/rotations/requests/ask.rs
INSERT INTO rotation_requests (rotation_id, uid, seen_row_version, policy, former, wish, summary, digest, length, public_half, ciphertext, nonce, wrapped_key, key_id, expires_at, remark, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?);
INSERT INTO rotations (secret_id, environment_id, status, mode, reason, actor_id, actor_name, from_version, row_version, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?);
SELECT id FROM rotations WHERE secret_id = ? AND status = ? AND actor_id = ?;

-- src/rotations/requests/close.rs
SELECT r.id, r.secret_id FROM rotations r JOIN rotation_requests q ON q.rotation_id = r.id JOIN secrets s ON s.id = r.secret_id WHERE r.status = 'awaiting_approval' AND (q.expires_at <= ? OR s.row_version <> q.seen_row_version) ORDER BY r.id LIMIT ?;
UPDATE rotation_requests SET ciphertext = NULL, nonce = NULL, wrapped_key = NULL, key_id = NULL, decider_id = ?, decider_name = ?, remark = ?, updated_at = ? WHERE rotation_id = ?;
UPDATE rotations SET status = ?, started_at = ?, finished_at = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND status = ?;

-- src/rotations/requests/decide.rs
SELECT ciphertext, nonce, wrapped_key, key_id FROM rotation_requests WHERE rotation_id = ? AND ciphertext IS NOT NULL;

-- src/rotations/requests/rewrap.rs
SELECT COUNT(*) FROM (SELECT 1 AS one FROM rotation_requests WHERE key_id = ? AND wrapped_key IS NOT NULL LIMIT 1001) t;
SELECT COUNT(*) FROM (SELECT 1 AS one FROM rotation_requests WHERE key_id > ? AND key_id < ? AND wrapped_key IS NOT NULL LIMIT 1) t;
SELECT COUNT(*) FROM rotation_requests WHERE key_id <> ? AND wrapped_key IS NOT NULL;
SELECT MIN(key_id) FROM rotation_requests WHERE key_id > ?;
SELECT q.id, q.rotation_id, q.uid, q.wrapped_key, s.uid AS secret, s.environment_id FROM rotation_requests q JOIN rotations r ON r.id = q.rotation_id JOIN secrets s ON s.id = r.secret_id WHERE q.key_id = ? AND q.id > ? AND q.wrapped_key IS NOT NULL ORDER BY q.id LIMIT ?;
UPDATE rotation_requests SET wrapped_key = ?, key_id = ?, updated_at = ? WHERE id = ? AND wrapped_key = ?;

-- src/rotations/requests/row.rs
SELECT id FROM rotations WHERE secret_id = ? AND status = ? AND actor_id = ? AND environment_id IN (?);
SELECT id FROM rotations WHERE secret_id = ? AND status = ? AND actor_id = ? AND status = ? AND (actor_id IS NULL OR actor_id <> ?);
SELECT rotation_id, uid, seen_row_version, policy, former, wish, summary, digest, length, public_half, expires_at, decider_name, remark FROM rotation_requests WHERE rotation_id = ?;
SELECT rotation_id, uid, seen_row_version, policy, former, wish, summary, digest, length, public_half, expires_at, decider_name, remark FROM rotation_requests WHERE rotation_id = ? ORDER BY id LIMIT ?;
UPDATE rotations SET status = ?, started_at = ?, finished_at = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND status = ? AND environment_id IN (?);
UPDATE rotations SET status = ?, started_at = ?, finished_at = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND status = ? AND status = ? AND (actor_id IS NULL OR actor_id <> ?);

-- src/rotations/resume.rs
UPDATE rotation_steps SET status = 'running', finished_at = NULL, updated_at = ? WHERE rotation_id = ? AND step = 'source';
UPDATE rotations SET run_at = ? WHERE id = ? AND lease_until IS NULL;
UPDATE rotations SET status = 'running', run_at = ?, lease_until = NULL, attempts = 0, finished_at = NULL, row_version = row_version + 1, updated_at = ? WHERE id = ?;

-- src/rotations/row.rs
SELECT id, position, step, status, detail, started_at, finished_at FROM rotation_steps WHERE rotation_id = ? ORDER BY position;
SELECT id, secret_id, environment_id, status, mode, reason, actor_id, actor_name, from_version, to_version, started_at, finished_at, run_at, lease_until, attempts, is_undoing, row_version, created_at, updated_at FROM rotations WHERE 1 = 1;
SELECT id, secret_id, environment_id, status, mode, reason, actor_id, actor_name, from_version, to_version, started_at, finished_at, run_at, lease_until, attempts, is_undoing, row_version, created_at, updated_at FROM rotations WHERE 1 = 1 AND id = ?;

-- src/rotations/settle.rs
SELECT DISTINCT secret_id FROM rotations WHERE status = 'running' AND run_at IS NULL ORDER BY secret_id LIMIT ?;
UPDATE rotation_steps SET status = ?, detail = ?, finished_at = ?, updated_at = ? WHERE id = ?;
UPDATE rotations SET status = ?, finished_at = ?, run_at = NULL, lease_until = NULL, row_version = row_version + 1, updated_at = ? WHERE id = ? AND status = 'running';
UPDATE rotations SET status = ?, finished_at = ?, run_at = NULL, lease_until = NULL, row_version = row_version + 1, updated_at = ? WHERE id = ? AND status = 'running' AND secret_id = ? AND status = 'running' AND run_at IS NULL;

-- src/secrets/active.rs
UPDATE secrets SET is_active = ?, deactivated_at = ?, row_version = row_version + 1, updated_at = ? WHERE id = ?;

-- src/secrets/destroy.rs
UPDATE secret_versions SET state = 'destroyed', wrapped_key = NULL, ciphertext = ?, nonce = ?, digest = ?, updated_at = ? WHERE secret_id = ? AND number = ?;

-- src/secrets/due.rs
DELETE FROM rotations WHERE secret_id = ? AND environment_id IN (SELECT id FROM environments WHERE is_active = ?);
DELETE FROM secret_tallies WHERE 1 = 1 AND environment_id IN (SELECT id FROM environments WHERE is_active = ?);
DELETE FROM secrets WHERE id = ? AND (next_rotation_at > ? OR id > ?);
DELETE FROM secrets WHERE id = ? AND auto_rotate = ? AND is_active = ?;
DELETE FROM secrets WHERE id = ? AND environment_id IN (SELECT id FROM environments WHERE is_active = ?);
DELETE FROM secrets WHERE id = ? AND next_rotation_at <= ?;
DELETE FROM secrets WHERE id = ? AND next_rotation_at >= ?;
DELETE FROM secrets WHERE id = ? AND policy NOT LIKE 'keypair:%';
DELETE FROM secrets WHERE id = ? AND secret_type IN (?);
SELECT c.backend, c.remote_path, c.left_at, c.remote_version, c.version_number, c.digest_seen, c.last_success_at, c.last_error, c.next_try_at, c.attempts FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.secret_id = ? AND NOT EXISTS (SELECT 1 FROM rotations r WHERE r.secret_id = s.id AND r.status IN ('running', 'failed') AND r.created_at >= s.next_rotation_at);
SELECT c.backend, c.remote_path, c.left_at, c.remote_version, c.version_number, c.digest_seen, c.last_success_at, c.last_error, c.next_try_at, c.attempts FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.secret_id = ? AND auto_rotate = ? AND is_active = ?;
SELECT c.backend, c.remote_path, c.left_at, c.remote_version, c.version_number, c.digest_seen, c.last_success_at, c.last_error, c.next_try_at, c.attempts FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.secret_id = ? AND environment_id IN (SELECT id FROM environments WHERE is_active = ?);
SELECT c.backend, c.remote_path, c.left_at, c.remote_version, c.version_number, c.digest_seen, c.last_success_at, c.last_error, c.next_try_at, c.attempts FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.secret_id = ? AND next_rotation_at <= ?;
SELECT c.backend, c.remote_path, c.left_at, c.remote_version, c.version_number, c.digest_seen, c.last_success_at, c.last_error, c.next_try_at, c.attempts FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.secret_id = ? AND next_rotation_at >= ?;
SELECT c.backend, c.remote_path, c.left_at, c.remote_version, c.version_number, c.digest_seen, c.last_success_at, c.last_error, c.next_try_at, c.attempts FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.secret_id = ? AND policy NOT LIKE 'keypair:%';
SELECT c.backend, c.remote_path, c.left_at, c.remote_version, c.version_number, c.digest_seen, c.last_success_at, c.last_error, c.next_try_at, c.attempts FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.secret_id = ? AND secret_type IN (?);
SELECT c.left_at FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ? AND NOT EXISTS (SELECT 1 FROM rotations r WHERE r.secret_id = s.id AND r.status IN ('running', 'failed') AND r.created_at >= s.next_rotation_at);
SELECT c.left_at FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ? AND auto_rotate = ? AND is_active = ?;
SELECT c.left_at FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ? AND environment_id IN (SELECT id FROM environments WHERE is_active = ?);
SELECT c.left_at FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ? AND next_rotation_at <= ?;
SELECT c.left_at FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ? AND next_rotation_at >= ?;
SELECT c.left_at FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ? AND policy NOT LIKE 'keypair:%';
SELECT c.left_at FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ? AND secret_type IN (?);
SELECT c.remote_path FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ? AND NOT EXISTS (SELECT 1 FROM rotations r WHERE r.secret_id = s.id AND r.status IN ('running', 'failed') AND r.created_at >= s.next_rotation_at);
SELECT c.remote_path FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ? AND auto_rotate = ? AND is_active = ?;
SELECT c.remote_path FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ? AND environment_id IN (SELECT id FROM environments WHERE is_active = ?);
SELECT c.remote_path FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ? AND next_rotation_at <= ?;
SELECT c.remote_path FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ? AND next_rotation_at >= ?;
SELECT c.remote_path FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ? AND policy NOT LIKE 'keypair:%';
SELECT c.remote_path FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ? AND secret_type IN (?);
SELECT environment_id, is_active, sync_status FROM secrets WHERE 1 = 1 AND (next_rotation_at > ? OR id > ?);
SELECT environment_id, is_active, sync_status FROM secrets WHERE 1 = 1 AND auto_rotate = ? AND is_active = ?;
SELECT environment_id, is_active, sync_status FROM secrets WHERE 1 = 1 AND environment_id IN (SELECT id FROM environments WHERE is_active = ?);
SELECT environment_id, is_active, sync_status FROM secrets WHERE 1 = 1 AND next_rotation_at <= ?;
SELECT environment_id, is_active, sync_status FROM secrets WHERE 1 = 1 AND next_rotation_at >= ?;
SELECT environment_id, is_active, sync_status FROM secrets WHERE 1 = 1 AND policy NOT LIKE 'keypair:%';
SELECT environment_id, is_active, sync_status FROM secrets WHERE 1 = 1 AND secret_type IN (?);
SELECT environment_id, is_active, sync_status FROM secrets WHERE 1 = 1 ORDER BY next_rotation_at, id LIMIT ?;
SELECT g.id, g.secret_id, s.name AS secret_name, e.name AS environment_name, g.act, g.rotation_id, g.reason, g.actor_id, g.actor_name, g.created_at FROM glass_breaks g JOIN secrets s ON s.id = g.secret_id JOIN environments e ON e.id = g.environment_id WHERE g.acknowledged_at IS NULL AND NOT EXISTS (SELECT 1 FROM rotations r WHERE r.secret_id = s.id AND r.status IN ('running', 'failed') AND r.created_at >= s.next_rotation_at);
SELECT g.id, g.secret_id, s.name AS secret_name, e.name AS environment_name, g.act, g.rotation_id, g.reason, g.actor_id, g.actor_name, g.created_at FROM glass_breaks g JOIN secrets s ON s.id = g.secret_id JOIN environments e ON e.id = g.environment_id WHERE g.acknowledged_at IS NULL AND next_rotation_at <= ?;
SELECT g.id, g.secret_id, s.name AS secret_name, e.name AS environment_name, g.act, g.rotation_id, g.reason, g.actor_id, g.actor_name, g.created_at FROM glass_breaks g JOIN secrets s ON s.id = g.secret_id JOIN environments e ON e.id = g.environment_id WHERE g.acknowledged_at IS NULL AND next_rotation_at >= ?;
SELECT g.id, g.secret_id, s.name AS secret_name, e.name AS environment_name, g.act, g.rotation_id, g.reason, g.actor_id, g.actor_name, g.created_at FROM glass_breaks g JOIN secrets s ON s.id = g.secret_id JOIN environments e ON e.id = g.environment_id WHERE g.acknowledged_at IS NULL AND policy NOT LIKE 'keypair:%';
SELECT g.id, g.secret_id, s.name AS secret_name, e.name AS environment_name, g.act, g.rotation_id, g.reason, g.actor_id, g.actor_name, g.created_at FROM glass_breaks g JOIN secrets s ON s.id = g.secret_id JOIN environments e ON e.id = g.environment_id WHERE g.acknowledged_at IS NULL AND secret_type IN (?);
SELECT id, uid, name, display_name, description, secret_type, secrecy_level, service_name, environment_id, creator_id, aws_sync_status, vault_sync_status, aws_secret_arn, vault_path, aws_unlinked, vault_unlinked, expires_at, auto_rotate, rotation_interval_days, last_rotated_at, next_rotation_at, policy, window_days, window_from, window_to, window_zone, tags, is_active, deactivated_at, current_version, versions_ahead, row_version, created_at, updated_at FROM secrets s WHERE 1 = 1 AND (next_rotation_at > ? OR id > ?);
SELECT id, uid, name, display_name, description, secret_type, secrecy_level, service_name, environment_id, creator_id, aws_sync_status, vault_sync_status, aws_secret_arn, vault_path, aws_unlinked, vault_unlinked, expires_at, auto_rotate, rotation_interval_days, last_rotated_at, next_rotation_at, policy, window_days, window_from, window_to, window_zone, tags, is_active, deactivated_at, current_version, versions_ahead, row_version, created_at, updated_at FROM secrets s WHERE 1 = 1 AND NOT EXISTS (SELECT 1 FROM rotations r WHERE r.secret_id = s.id AND r.status IN ('running', 'failed') AND r.created_at >= s.next_rotation_at);
SELECT id, uid, name, display_name, description, secret_type, secrecy_level, service_name, environment_id, creator_id, aws_sync_status, vault_sync_status, aws_secret_arn, vault_path, aws_unlinked, vault_unlinked, expires_at, auto_rotate, rotation_interval_days, last_rotated_at, next_rotation_at, policy, window_days, window_from, window_to, window_zone, tags, is_active, deactivated_at, current_version, versions_ahead, row_version, created_at, updated_at FROM secrets s WHERE 1 = 1 AND auto_rotate = ? AND is_active = ?;
SELECT id, uid, name, display_name, description, secret_type, secrecy_level, service_name, environment_id, creator_id, aws_sync_status, vault_sync_status, aws_secret_arn, vault_path, aws_unlinked, vault_unlinked, expires_at, auto_rotate, rotation_interval_days, last_rotated_at, next_rotation_at, policy, window_days, window_from, window_to, window_zone, tags, is_active, deactivated_at, current_version, versions_ahead, row_version, created_at, updated_at FROM secrets s WHERE 1 = 1 AND environment_id IN (SELECT id FROM environments WHERE is_active = ?);
SELECT id, uid, name, display_name, description, secret_type, secrecy_level, service_name, environment_id, creator_id, aws_sync_status, vault_sync_status, aws_secret_arn, vault_path, aws_unlinked, vault_unlinked, expires_at, auto_rotate, rotation_interval_days, last_rotated_at, next_rotation_at, policy, window_days, window_from, window_to, window_zone, tags, is_active, deactivated_at, current_version, versions_ahead, row_version, created_at, updated_at FROM secrets s WHERE 1 = 1 AND next_rotation_at <= ?;
SELECT id, uid, name, display_name, description, secret_type, secrecy_level, service_name, environment_id, creator_id, aws_sync_status, vault_sync_status, aws_secret_arn, vault_path, aws_unlinked, vault_unlinked, expires_at, auto_rotate, rotation_interval_days, last_rotated_at, next_rotation_at, policy, window_days, window_from, window_to, window_zone, tags, is_active, deactivated_at, current_version, versions_ahead, row_version, created_at, updated_at FROM secrets s WHERE 1 = 1 AND next_rotation_at >= ?;
SELECT id, uid, name, display_name, description, secret_type, secrecy_level, service_name, environment_id, creator_id, aws_sync_status, vault_sync_status, aws_secret_arn, vault_path, aws_unlinked, vault_unlinked, expires_at, auto_rotate, rotation_interval_days, last_rotated_at, next_rotation_at, policy, window_days, window_from, window_to, window_zone, tags, is_active, deactivated_at, current_version, versions_ahead, row_version, created_at, updated_at FROM secrets s WHERE 1 = 1 AND policy NOT LIKE 'keypair:%';
SELECT id, uid, name, display_name, description, secret_type, secrecy_level, service_name, environment_id, creator_id, aws_sync_status, vault_sync_status, aws_secret_arn, vault_path, aws_unlinked, vault_unlinked, expires_at, auto_rotate, rotation_interval_days, last_rotated_at, next_rotation_at, policy, window_days, window_from, window_to, window_zone, tags, is_active, deactivated_at, current_version, versions_ahead, row_version, created_at, updated_at FROM secrets s WHERE 1 = 1 AND secret_type IN (?);
SELECT id, uid, name, display_name, description, secret_type, secrecy_level, service_name, environment_id, creator_id, aws_sync_status, vault_sync_status, aws_secret_arn, vault_path, aws_unlinked, vault_unlinked, expires_at, auto_rotate, rotation_interval_days, last_rotated_at, next_rotation_at, policy, window_days, window_from, window_to, window_zone, tags, is_active, deactivated_at, current_version, versions_ahead, row_version, created_at, updated_at FROM secrets s WHERE 1 = 1 ORDER BY next_rotation_at, id LIMIT ?;
SELECT s.name FROM secrets s JOIN secret_versions v ON v.secret_id = s.id AND v.number = s.current_version + s.versions_ahead WHERE v.state = 'pending' AND NOT EXISTS (SELECT 1 FROM rotations r WHERE r.secret_id = s.id AND r.status IN ('running', 'failed') AND r.created_at >= s.next_rotation_at);
SELECT s.name FROM secrets s JOIN secret_versions v ON v.secret_id = s.id AND v.number = s.current_version + s.versions_ahead WHERE v.state = 'pending' AND auto_rotate = ? AND is_active = ?;
SELECT s.name FROM secrets s JOIN secret_versions v ON v.secret_id = s.id AND v.number = s.current_version + s.versions_ahead WHERE v.state = 'pending' AND environment_id IN (SELECT id FROM environments WHERE is_active = ?);
SELECT s.name FROM secrets s JOIN secret_versions v ON v.secret_id = s.id AND v.number = s.current_version + s.versions_ahead WHERE v.state = 'pending' AND next_rotation_at <= ?;
SELECT s.name FROM secrets s JOIN secret_versions v ON v.secret_id = s.id AND v.number = s.current_version + s.versions_ahead WHERE v.state = 'pending' AND next_rotation_at >= ?;
SELECT s.name FROM secrets s JOIN secret_versions v ON v.secret_id = s.id AND v.number = s.current_version + s.versions_ahead WHERE v.state = 'pending' AND policy NOT LIKE 'keypair:%';
SELECT s.name FROM secrets s JOIN secret_versions v ON v.secret_id = s.id AND v.number = s.current_version + s.versions_ahead WHERE v.state = 'pending' AND secret_type IN (?);
SELECT secret_id, actor_id FROM glass_breaks WHERE id = ? AND environment_id IN (SELECT id FROM environments WHERE is_active = ?);
SELECT sync_status FROM secrets WHERE 1 = 1 AND (next_rotation_at > ? OR id > ?);
SELECT sync_status FROM secrets WHERE 1 = 1 AND auto_rotate = ? AND is_active = ?;
SELECT sync_status FROM secrets WHERE 1 = 1 AND environment_id IN (SELECT id FROM environments WHERE is_active = ?);
SELECT sync_status FROM secrets WHERE 1 = 1 AND next_rotation_at <= ?;
SELECT sync_status FROM secrets WHERE 1 = 1 AND next_rotation_at >= ?;
SELECT sync_status FROM secrets WHERE 1 = 1 AND policy NOT LIKE 'keypair:%';
SELECT sync_status FROM secrets WHERE 1 = 1 AND secret_type IN (?);
SELECT sync_status FROM secrets WHERE 1 = 1 ORDER BY next_rotation_at, id LIMIT ?;
SELECT uid, id FROM secrets WHERE 1 = 1 AND (next_rotation_at > ? OR id > ?);
SELECT uid, id FROM secrets WHERE 1 = 1 AND auto_rotate = ? AND is_active = ?;
SELECT uid, id FROM secrets WHERE 1 = 1 AND environment_id IN (SELECT id FROM environments WHERE is_active = ?);
SELECT uid, id FROM secrets WHERE 1 = 1 AND next_rotation_at <= ?;
SELECT uid, id FROM secrets WHERE 1 = 1 AND next_rotation_at >= ?;
SELECT uid, id FROM secrets WHERE 1 = 1 AND policy NOT LIKE 'keypair:%';
SELECT uid, id FROM secrets WHERE 1 = 1 AND secret_type IN (?);
SELECT uid, id FROM secrets WHERE 1 = 1 ORDER BY next_rotation_at, id LIMIT ?;
UPDATE glass_breaks SET acknowledged_at = ?, acknowledger_id = ?, updated_at = ? WHERE id = ? AND acknowledged_at IS NULL AND environment_id IN (SELECT id FROM environments WHERE is_active = ?);
UPDATE secrets SET aws_sync_status = ?, vault_sync_status = ?, sync_status = ? WHERE id = ? AND (next_rotation_at > ? OR id > ?);
UPDATE secrets SET aws_sync_status = ?, vault_sync_status = ?, sync_status = ? WHERE id = ? AND auto_rotate = ? AND is_active = ?;
UPDATE secrets SET aws_sync_status = ?, vault_sync_status = ?, sync_status = ? WHERE id = ? AND environment_id IN (SELECT id FROM environments WHERE is_active = ?);
UPDATE secrets SET aws_sync_status = ?, vault_sync_status = ?, sync_status = ? WHERE id = ? AND next_rotation_at <= ?;
UPDATE secrets SET aws_sync_status = ?, vault_sync_status = ?, sync_status = ? WHERE id = ? AND next_rotation_at >= ?;
UPDATE secrets SET aws_sync_status = ?, vault_sync_status = ?, sync_status = ? WHERE id = ? AND policy NOT LIKE 'keypair:%';
UPDATE secrets SET aws_sync_status = ?, vault_sync_status = ?, sync_status = ? WHERE id = ? AND secret_type IN (?);
UPDATE secrets SET aws_unlinked = ? WHERE id = ? AND (next_rotation_at > ? OR id > ?);
UPDATE secrets SET aws_unlinked = ? WHERE id = ? AND auto_rotate = ? AND is_active = ?;
UPDATE secrets SET aws_unlinked = ? WHERE id = ? AND environment_id IN (SELECT id FROM environments WHERE is_active = ?);
UPDATE secrets SET aws_unlinked = ? WHERE id = ? AND next_rotation_at <= ?;
UPDATE secrets SET aws_unlinked = ? WHERE id = ? AND next_rotation_at >= ?;
UPDATE secrets SET aws_unlinked = ? WHERE id = ? AND policy NOT LIKE 'keypair:%';
UPDATE secrets SET aws_unlinked = ? WHERE id = ? AND secret_type IN (?);
UPDATE secrets SET aws_unlinked = ?, aws_secret_arn = NULL WHERE id = ? AND (next_rotation_at > ? OR id > ?);
UPDATE secrets SET aws_unlinked = ?, aws_secret_arn = NULL WHERE id = ? AND auto_rotate = ? AND is_active = ?;
UPDATE secrets SET aws_unlinked = ?, aws_secret_arn = NULL WHERE id = ? AND environment_id IN (SELECT id FROM environments WHERE is_active = ?);
UPDATE secrets SET aws_unlinked = ?, aws_secret_arn = NULL WHERE id = ? AND next_rotation_at <= ?;
UPDATE secrets SET aws_unlinked = ?, aws_secret_arn = NULL WHERE id = ? AND next_rotation_at >= ?;
UPDATE secrets SET aws_unlinked = ?, aws_secret_arn = NULL WHERE id = ? AND policy NOT LIKE 'keypair:%';
UPDATE secrets SET aws_unlinked = ?, aws_secret_arn = NULL WHERE id = ? AND secret_type IN (?);
UPDATE secrets SET display_name = ?, description = ?, secret_type = ?, secrecy_level = ?, service_name = ?, expires_at = ?, auto_rotate = ?, rotation_interval_days = ?, next_rotation_at = ?, policy = ?, window_days = ?, window_from = ?, window_to = ?, window_zone = ?, tags = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND (next_rotation_at > ? OR id > ?);
UPDATE secrets SET display_name = ?, description = ?, secret_type = ?, secrecy_level = ?, service_name = ?, expires_at = ?, auto_rotate = ?, rotation_interval_days = ?, next_rotation_at = ?, policy = ?, window_days = ?, window_from = ?, window_to = ?, window_zone = ?, tags = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND auto_rotate = ? AND is_active = ?;
UPDATE secrets SET display_name = ?, description = ?, secret_type = ?, secrecy_level = ?, service_name = ?, expires_at = ?, auto_rotate = ?, rotation_interval_days = ?, next_rotation_at = ?, policy = ?, window_days = ?, window_from = ?, window_to = ?, window_zone = ?, tags = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND environment_id IN (SELECT id FROM environments WHERE is_active = ?);
UPDATE secrets SET display_name = ?, description = ?, secret_type = ?, secrecy_level = ?, service_name = ?, expires_at = ?, auto_rotate = ?, rotation_interval_days = ?, next_rotation_at = ?, policy = ?, window_days = ?, window_from = ?, window_to = ?, window_zone = ?, tags = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND next_rotation_at <= ?;
UPDATE secrets SET display_name = ?, description = ?, secret_type = ?, secrecy_level = ?, service_name = ?, expires_at = ?, auto_rotate = ?, rotation_interval_days = ?, next_rotation_at = ?, policy = ?, window_days = ?, window_from = ?, window_to = ?, window_zone = ?, tags = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND next_rotation_at >= ?;
UPDATE secrets SET display_name = ?, description = ?, secret_type = ?, secrecy_level = ?, service_name = ?, expires_at = ?, auto_rotate = ?, rotation_interval_days = ?, next_rotation_at = ?, policy = ?, window_days = ?, window_from = ?, window_to = ?, window_zone = ?, tags = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND policy NOT LIKE 'keypair:%';
UPDATE secrets SET display_name = ?, description = ?, secret_type = ?, secrecy_level = ?, service_name = ?, expires_at = ?, auto_rotate = ?, rotation_interval_days = ?, next_rotation_at = ?, policy = ?, window_days = ?, window_from = ?, window_to = ?, window_zone = ?, tags = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND secret_type IN (?);
UPDATE secrets SET is_active = ?, deactivated_at = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND (next_rotation_at > ? OR id > ?);
UPDATE secrets SET is_active = ?, deactivated_at = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND auto_rotate = ? AND is_active = ?;
UPDATE secrets SET is_active = ?, deactivated_at = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND environment_id IN (SELECT id FROM environments WHERE is_active = ?);
UPDATE secrets SET is_active = ?, deactivated_at = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND next_rotation_at <= ?;
UPDATE secrets SET is_active = ?, deactivated_at = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND next_rotation_at >= ?;
UPDATE secrets SET is_active = ?, deactivated_at = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND policy NOT LIKE 'keypair:%';
UPDATE secrets SET is_active = ?, deactivated_at = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND secret_type IN (?);
UPDATE secrets SET next_rotation_at = ?, updated_at = ? WHERE id = ? AND (next_rotation_at > ? OR id > ?);
UPDATE secrets SET next_rotation_at = ?, updated_at = ? WHERE id = ? AND auto_rotate = ? AND is_active = ?;
UPDATE secrets SET next_rotation_at = ?, updated_at = ? WHERE id = ? AND environment_id IN (SELECT id FROM environments WHERE is_active = ?);
UPDATE secrets SET next_rotation_at = ?, updated_at = ? WHERE id = ? AND next_rotation_at <= ?;
UPDATE secrets SET next_rotation_at = ?, updated_at = ? WHERE id = ? AND next_rotation_at >= ?;
UPDATE secrets SET next_rotation_at = ?, updated_at = ? WHERE id = ? AND policy NOT LIKE 'keypair:%';
UPDATE secrets SET next_rotation_at = ?, updated_at = ? WHERE id = ? AND secret_type IN (?);
UPDATE secrets SET row_version = row_version + 1, updated_at = ? WHERE id = ? AND (next_rotation_at > ? OR id > ?);
UPDATE secrets SET row_version = row_version + 1, updated_at = ? WHERE id = ? AND auto_rotate = ? AND is_active = ?;
UPDATE secrets SET row_version = row_version + 1, updated_at = ? WHERE id = ? AND environment_id IN (SELECT id FROM environments WHERE is_active = ?);
UPDATE secrets SET row_version = row_version + 1, updated_at = ? WHERE id = ? AND next_rotation_at <= ?;
UPDATE secrets SET row_version = row_version + 1, updated_at = ? WHERE id = ? AND next_rotation_at >= ?;
UPDATE secrets SET row_version = row_version + 1, updated_at = ? WHERE id = ? AND policy NOT LIKE 'keypair:%';
UPDATE secrets SET row_version = row_version + 1, updated_at = ? WHERE id = ? AND secret_type IN (?);
UPDATE secrets SET vault_unlinked = ? WHERE id = ? AND (next_rotation_at > ? OR id > ?);
UPDATE secrets SET vault_unlinked = ? WHERE id = ? AND auto_rotate = ? AND is_active = ?;
UPDATE secrets SET vault_unlinked = ? WHERE id = ? AND environment_id IN (SELECT id FROM environments WHERE is_active = ?);
UPDATE secrets SET vault_unlinked = ? WHERE id = ? AND next_rotation_at <= ?;
UPDATE secrets SET vault_unlinked = ? WHERE id = ? AND next_rotation_at >= ?;
UPDATE secrets SET vault_unlinked = ? WHERE id = ? AND policy NOT LIKE 'keypair:%';
UPDATE secrets SET vault_unlinked = ? WHERE id = ? AND secret_type IN (?);
UPDATE secrets SET vault_unlinked = ?, vault_path = NULL WHERE id = ? AND (next_rotation_at > ? OR id > ?);
UPDATE secrets SET vault_unlinked = ?, vault_path = NULL WHERE id = ? AND auto_rotate = ? AND is_active = ?;
UPDATE secrets SET vault_unlinked = ?, vault_path = NULL WHERE id = ? AND environment_id IN (SELECT id FROM environments WHERE is_active = ?);
UPDATE secrets SET vault_unlinked = ?, vault_path = NULL WHERE id = ? AND next_rotation_at <= ?;
UPDATE secrets SET vault_unlinked = ?, vault_path = NULL WHERE id = ? AND next_rotation_at >= ?;
UPDATE secrets SET vault_unlinked = ?, vault_path = NULL WHERE id = ? AND policy NOT LIKE 'keypair:%';
UPDATE secrets SET vault_unlinked = ?, vault_path = NULL WHERE id = ? AND secret_type IN (?);
UPDATE secrets SET versions_ahead = versions_ahead + 1, row_version = row_version + 1, updated_at = ? WHERE id = ? AND (next_rotation_at > ? OR id > ?);
UPDATE secrets SET versions_ahead = versions_ahead + 1, row_version = row_version + 1, updated_at = ? WHERE id = ? AND auto_rotate = ? AND is_active = ?;
UPDATE secrets SET versions_ahead = versions_ahead + 1, row_version = row_version + 1, updated_at = ? WHERE id = ? AND environment_id IN (SELECT id FROM environments WHERE is_active = ?);
UPDATE secrets SET versions_ahead = versions_ahead + 1, row_version = row_version + 1, updated_at = ? WHERE id = ? AND next_rotation_at <= ?;
UPDATE secrets SET versions_ahead = versions_ahead + 1, row_version = row_version + 1, updated_at = ? WHERE id = ? AND next_rotation_at >= ?;
UPDATE secrets SET versions_ahead = versions_ahead + 1, row_version = row_version + 1, updated_at = ? WHERE id = ? AND policy NOT LIKE 'keypair:%';
UPDATE secrets SET versions_ahead = versions_ahead + 1, row_version = row_version + 1, updated_at = ? WHERE id = ? AND secret_type IN (?);

-- src/secrets/edit.rs
UPDATE secrets SET display_name = ?, description = ?, secret_type = ?, secrecy_level = ?, service_name = ?, expires_at = ?, auto_rotate = ?, rotation_interval_days = ?, next_rotation_at = ?, policy = ?, window_days = ?, window_from = ?, window_to = ?, window_zone = ?, tags = ?, row_version = row_version + 1, updated_at = ? WHERE id = ?;
UPDATE secrets SET row_version = row_version + 1, updated_at = ? WHERE id = ?;

-- src/secrets/find.rs
DELETE FROM copies WHERE secret_id = ? AND id = ?;
DELETE FROM copies WHERE secret_id = ? AND id IN (?);
DELETE FROM jobs WHERE secret_id = ? AND id = ?;
DELETE FROM jobs WHERE secret_id = ? AND id IN (?);
DELETE FROM rotations WHERE secret_id = ? AND environment_id = ?;
DELETE FROM rotations WHERE secret_id = ? AND id = ?;
DELETE FROM rotations WHERE secret_id = ? AND id IN (?);
DELETE FROM secret_tallies WHERE 1 = 1 AND environment_id = ?;
DELETE FROM secret_tallies WHERE 1 = 1 AND id = ?;
DELETE FROM secret_tallies WHERE 1 = 1 AND id IN (?);
DELETE FROM secret_versions WHERE secret_id = ? AND id = ?;
DELETE FROM secret_versions WHERE secret_id = ? AND id IN (?);
DELETE FROM secrets WHERE id = ? AND environment_id = ?;
DELETE FROM secrets WHERE id = ? AND id = ?;
DELETE FROM secrets WHERE id = ? AND id IN (?);
DELETE FROM secrets WHERE id = ? AND name IN (?);
SELECT COUNT(*) FROM secret_versions WHERE key_id <> ? AND wrapped_key IS NOT NULL AND id = ?;
SELECT COUNT(*) FROM secret_versions WHERE key_id <> ? AND wrapped_key IS NOT NULL AND id IN (?);
SELECT COUNT(*) FROM secret_versions WHERE secret_id = ? AND id = ?;
SELECT COUNT(*) FROM secret_versions WHERE secret_id = ? AND id IN (?);
SELECT MIN(key_id) FROM secret_versions WHERE key_id > ? AND id = ?;
SELECT MIN(key_id) FROM secret_versions WHERE key_id > ? AND id IN (?);
SELECT c.backend, c.remote_path, c.left_at, c.remote_version, c.version_number, c.digest_seen, c.last_success_at, c.last_error, c.next_try_at, c.attempts FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.secret_id = ? AND environment_id = ?;
SELECT c.backend, c.remote_path, c.left_at, c.remote_version, c.version_number, c.digest_seen, c.last_success_at, c.last_error, c.next_try_at, c.attempts FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.secret_id = ? AND name IN (?);
SELECT c.backend, c.remote_path, c.left_at, c.remote_version, c.version_number, c.digest_seen, c.last_success_at, c.last_error, c.next_try_at, c.attempts FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.secret_id = ? ORDER BY name {lock};
SELECT c.left_at FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ? AND environment_id = ?;
SELECT c.left_at FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ? AND name IN (?);
SELECT c.left_at FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ? ORDER BY name {lock};
SELECT c.remote_path FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ? AND environment_id = ?;
SELECT c.remote_path FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ? AND name IN (?);
SELECT c.remote_path FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ? ORDER BY name {lock};
SELECT ciphertext, nonce, wrapped_key, key_id FROM secret_versions WHERE secret_id = ? AND number = ? AND id = ?;
SELECT ciphertext, nonce, wrapped_key, key_id FROM secret_versions WHERE secret_id = ? AND number = ? AND id IN (?);
SELECT environment_id, is_active, sync_status FROM secrets WHERE 1 = 1 AND environment_id = ?;
SELECT environment_id, is_active, sync_status FROM secrets WHERE 1 = 1 AND id = ?;
SELECT environment_id, is_active, sync_status FROM secrets WHERE 1 = 1 AND id IN (?);
SELECT environment_id, is_active, sync_status FROM secrets WHERE 1 = 1 AND name IN (?);
SELECT environment_id, is_active, sync_status FROM secrets WHERE 1 = 1 ORDER BY name {lock};
SELECT id, secret_id, number, digest, length, state, public_half, author_name, reason, created_at FROM secret_versions WHERE 1 = 1 AND id = ?;
SELECT id, secret_id, number, digest, length, state, public_half, author_name, reason, created_at FROM secret_versions WHERE 1 = 1 AND id IN (?);
SELECT id, uid, name, display_name, description, secret_type, secrecy_level, service_name, environment_id, creator_id, aws_sync_status, vault_sync_status, aws_secret_arn, vault_path, aws_unlinked, vault_unlinked, expires_at, auto_rotate, rotation_interval_days, last_rotated_at, next_rotation_at, policy, window_days, window_from, window_to, window_zone, tags, is_active, deactivated_at, current_version, versions_ahead, row_version, created_at, updated_at FROM secrets s WHERE 1 = 1 AND environment_id = ?;
SELECT id, uid, name, display_name, description, secret_type, secrecy_level, service_name, environment_id, creator_id, aws_sync_status, vault_sync_status, aws_secret_arn, vault_path, aws_unlinked, vault_unlinked, expires_at, auto_rotate, rotation_interval_days, last_rotated_at, next_rotation_at, policy, window_days, window_from, window_to, window_zone, tags, is_active, deactivated_at, current_version, versions_ahead, row_version, created_at, updated_at FROM secrets s WHERE 1 = 1 AND id = ?;
SELECT id, uid, name, display_name, description, secret_type, secrecy_level, service_name, environment_id, creator_id, aws_sync_status, vault_sync_status, aws_secret_arn, vault_path, aws_unlinked, vault_unlinked, expires_at, auto_rotate, rotation_interval_days, last_rotated_at, next_rotation_at, policy, window_days, window_from, window_to, window_zone, tags, is_active, deactivated_at, current_version, versions_ahead, row_version, created_at, updated_at FROM secrets s WHERE 1 = 1 AND id IN (?);
SELECT id, uid, name, display_name, description, secret_type, secrecy_level, service_name, environment_id, creator_id, aws_sync_status, vault_sync_status, aws_secret_arn, vault_path, aws_unlinked, vault_unlinked, expires_at, auto_rotate, rotation_interval_days, last_rotated_at, next_rotation_at, policy, window_days, window_from, window_to, window_zone, tags, is_active, deactivated_at, current_version, versions_ahead, row_version, created_at, updated_at FROM secrets s WHERE 1 = 1 AND name IN (?);
SELECT id, uid, name, display_name, description, secret_type, secrecy_level, service_name, environment_id, creator_id, aws_sync_status, vault_sync_status, aws_secret_arn, vault_path, aws_unlinked, vault_unlinked, expires_at, auto_rotate, rotation_interval_days, last_rotated_at, next_rotation_at, policy, window_days, window_from, window_to, window_zone, tags, is_active, deactivated_at, current_version, versions_ahead, row_version, created_at, updated_at FROM secrets s WHERE 1 = 1 ORDER BY name {lock};
SELECT s.name FROM secrets s JOIN secret_versions v ON v.secret_id = s.id AND v.number = s.current_version + s.versions_ahead WHERE v.state = 'pending' AND environment_id = ?;
SELECT s.name FROM secrets s JOIN secret_versions v ON v.secret_id = s.id AND v.number = s.current_version + s.versions_ahead WHERE v.state = 'pending' AND name IN (?);
SELECT s.name FROM secrets s JOIN secret_versions v ON v.secret_id = s.id AND v.number = s.current_version + s.versions_ahead WHERE v.state = 'pending' ORDER BY name {lock};
SELECT secret_id FROM copies WHERE backend = ? AND id = ?;
SELECT secret_id FROM copies WHERE backend = ? AND id IN (?);
SELECT secret_id, actor_id FROM glass_breaks WHERE id = ? AND environment_id = ?;
SELECT secret_id, actor_id FROM glass_breaks WHERE id = ? AND id = ?;
SELECT secret_id, actor_id FROM glass_breaks WHERE id = ? AND id IN (?);
SELECT sync_status FROM secrets WHERE 1 = 1 AND environment_id = ?;
SELECT sync_status FROM secrets WHERE 1 = 1 AND id = ?;
SELECT sync_status FROM secrets WHERE 1 = 1 AND id IN (?);
SELECT sync_status FROM secrets WHERE 1 = 1 AND name IN (?);
SELECT sync_status FROM secrets WHERE 1 = 1 ORDER BY name {lock};
SELECT uid, id FROM secrets WHERE 1 = 1 AND environment_id = ?;
SELECT uid, id FROM secrets WHERE 1 = 1 AND id = ?;
SELECT uid, id FROM secrets WHERE 1 = 1 AND id IN (?);
SELECT uid, id FROM secrets WHERE 1 = 1 AND name IN (?);
SELECT uid, id FROM secrets WHERE 1 = 1 ORDER BY name {lock};
UPDATE copies SET attempts = 0, next_try_at = ?, updated_at = ? WHERE backend = ? AND id = ?;
UPDATE copies SET attempts = 0, next_try_at = ?, updated_at = ? WHERE backend = ? AND id IN (?);
UPDATE copies SET left_at = remote_path, remote_version = NULL, version_number = NULL, digest_seen = NULL, last_success_at = NULL, last_error = NULL, replaces = NULL, updated_at = ? WHERE secret_id = ? AND backend = ? AND id = ?;
UPDATE copies SET left_at = remote_path, remote_version = NULL, version_number = NULL, digest_seen = NULL, last_success_at = NULL, last_error = NULL, replaces = NULL, updated_at = ? WHERE secret_id = ? AND backend = ? AND id IN (?);
UPDATE copies SET remote_path = ? WHERE secret_id = ? AND backend = ? AND id = ?;
UPDATE copies SET remote_path = ? WHERE secret_id = ? AND backend = ? AND id IN (?);
UPDATE copies SET remote_version = NULL, version_number = NULL, digest_seen = NULL, last_success_at = NULL, last_error = NULL, next_try_at = NULL, replaces = NULL, attempts = 0, updated_at = ? WHERE secret_id = ? AND backend = ? AND id = ?;
UPDATE copies SET remote_version = NULL, version_number = NULL, digest_seen = NULL, last_success_at = NULL, last_error = NULL, next_try_at = NULL, replaces = NULL, attempts = 0, updated_at = ? WHERE secret_id = ? AND backend = ? AND id IN (?);
UPDATE copies SET replaces = ?, updated_at = ? WHERE secret_id = ? AND backend = ? AND id = ?;
UPDATE copies SET replaces = ?, updated_at = ? WHERE secret_id = ? AND backend = ? AND id IN (?);
UPDATE copies SET replaces = ?, updated_at = ? WHERE secret_id = ? AND backend = ? AND remote_path = ? AND id = ?;
UPDATE copies SET replaces = ?, updated_at = ? WHERE secret_id = ? AND backend = ? AND remote_path = ? AND id IN (?);
UPDATE glass_breaks SET acknowledged_at = ?, acknowledger_id = ?, updated_at = ? WHERE id = ? AND acknowledged_at IS NULL AND environment_id = ?;
UPDATE glass_breaks SET acknowledged_at = ?, acknowledger_id = ?, updated_at = ? WHERE id = ? AND acknowledged_at IS NULL AND id = ?;
UPDATE glass_breaks SET acknowledged_at = ?, acknowledger_id = ?, updated_at = ? WHERE id = ? AND acknowledged_at IS NULL AND id IN (?);
UPDATE secret_versions SET state = 'destroyed', wrapped_key = NULL, ciphertext = ?, nonce = ?, digest = ?, updated_at = ? WHERE secret_id = ? AND number = ? AND id = ?;
UPDATE secret_versions SET state = 'destroyed', wrapped_key = NULL, ciphertext = ?, nonce = ?, digest = ?, updated_at = ? WHERE secret_id = ? AND number = ? AND id IN (?);
UPDATE secret_versions SET state = ?, updated_at = ? WHERE secret_id = ? AND number = ? AND state = 'pending' AND id = ?;
UPDATE secret_versions SET state = ?, updated_at = ? WHERE secret_id = ? AND number = ? AND state = 'pending' AND id IN (?);
UPDATE secret_versions SET state = ?, updated_at = ? WHERE state = ? AND id = ?;
UPDATE secret_versions SET state = ?, updated_at = ? WHERE state = ? AND id IN (?);
UPDATE secret_versions SET wrapped_key = ?, key_id = ?, updated_at = ? WHERE id = ? AND wrapped_key = ? AND id = ?;
UPDATE secret_versions SET wrapped_key = ?, key_id = ?, updated_at = ? WHERE id = ? AND wrapped_key = ? AND id IN (?);
UPDATE secrets SET aws_sync_status = ?, vault_sync_status = ?, sync_status = ? WHERE id = ? AND environment_id = ?;
UPDATE secrets SET aws_sync_status = ?, vault_sync_status = ?, sync_status = ? WHERE id = ? AND id = ?;
UPDATE secrets SET aws_sync_status = ?, vault_sync_status = ?, sync_status = ? WHERE id = ? AND id IN (?);
UPDATE secrets SET aws_sync_status = ?, vault_sync_status = ?, sync_status = ? WHERE id = ? AND name IN (?);
UPDATE secrets SET aws_unlinked = ? WHERE id = ? AND environment_id = ?;
UPDATE secrets SET aws_unlinked = ? WHERE id = ? AND id = ?;
UPDATE secrets SET aws_unlinked = ? WHERE id = ? AND id IN (?);
UPDATE secrets SET aws_unlinked = ? WHERE id = ? AND name IN (?);
UPDATE secrets SET aws_unlinked = ?, aws_secret_arn = NULL WHERE id = ? AND environment_id = ?;
UPDATE secrets SET aws_unlinked = ?, aws_secret_arn = NULL WHERE id = ? AND id = ?;
UPDATE secrets SET aws_unlinked = ?, aws_secret_arn = NULL WHERE id = ? AND id IN (?);
UPDATE secrets SET aws_unlinked = ?, aws_secret_arn = NULL WHERE id = ? AND name IN (?);
UPDATE secrets SET display_name = ?, description = ?, secret_type = ?, secrecy_level = ?, service_name = ?, expires_at = ?, auto_rotate = ?, rotation_interval_days = ?, next_rotation_at = ?, policy = ?, window_days = ?, window_from = ?, window_to = ?, window_zone = ?, tags = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND environment_id = ?;
UPDATE secrets SET display_name = ?, description = ?, secret_type = ?, secrecy_level = ?, service_name = ?, expires_at = ?, auto_rotate = ?, rotation_interval_days = ?, next_rotation_at = ?, policy = ?, window_days = ?, window_from = ?, window_to = ?, window_zone = ?, tags = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND id = ?;
UPDATE secrets SET display_name = ?, description = ?, secret_type = ?, secrecy_level = ?, service_name = ?, expires_at = ?, auto_rotate = ?, rotation_interval_days = ?, next_rotation_at = ?, policy = ?, window_days = ?, window_from = ?, window_to = ?, window_zone = ?, tags = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND id IN (?);
UPDATE secrets SET display_name = ?, description = ?, secret_type = ?, secrecy_level = ?, service_name = ?, expires_at = ?, auto_rotate = ?, rotation_interval_days = ?, next_rotation_at = ?, policy = ?, window_days = ?, window_from = ?, window_to = ?, window_zone = ?, tags = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND name IN (?);
UPDATE secrets SET is_active = ?, deactivated_at = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND environment_id = ?;
UPDATE secrets SET is_active = ?, deactivated_at = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND id = ?;
UPDATE secrets SET is_active = ?, deactivated_at = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND id IN (?);
UPDATE secrets SET is_active = ?, deactivated_at = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND name IN (?);
UPDATE secrets SET next_rotation_at = ?, updated_at = ? WHERE id = ? AND environment_id = ?;
UPDATE secrets SET next_rotation_at = ?, updated_at = ? WHERE id = ? AND id = ?;
UPDATE secrets SET next_rotation_at = ?, updated_at = ? WHERE id = ? AND id IN (?);
UPDATE secrets SET next_rotation_at = ?, updated_at = ? WHERE id = ? AND name IN (?);
UPDATE secrets SET row_version = row_version + 1, updated_at = ? WHERE id = ? AND environment_id = ?;
UPDATE secrets SET row_version = row_version + 1, updated_at = ? WHERE id = ? AND id = ?;
UPDATE secrets SET row_version = row_version + 1, updated_at = ? WHERE id = ? AND id IN (?);
UPDATE secrets SET row_version = row_version + 1, updated_at = ? WHERE id = ? AND name IN (?);
UPDATE secrets SET vault_unlinked = ? WHERE id = ? AND environment_id = ?;
UPDATE secrets SET vault_unlinked = ? WHERE id = ? AND id = ?;
UPDATE secrets SET vault_unlinked = ? WHERE id = ? AND id IN (?);
UPDATE secrets SET vault_unlinked = ? WHERE id = ? AND name IN (?);
UPDATE secrets SET vault_unlinked = ?, vault_path = NULL WHERE id = ? AND environment_id = ?;
UPDATE secrets SET vault_unlinked = ?, vault_path = NULL WHERE id = ? AND id = ?;
UPDATE secrets SET vault_unlinked = ?, vault_path = NULL WHERE id = ? AND id IN (?);
UPDATE secrets SET vault_unlinked = ?, vault_path = NULL WHERE id = ? AND name IN (?);
UPDATE secrets SET versions_ahead = versions_ahead + 1, row_version = row_version + 1, updated_at = ? WHERE id = ? AND environment_id = ?;
UPDATE secrets SET versions_ahead = versions_ahead + 1, row_version = row_version + 1, updated_at = ? WHERE id = ? AND id = ?;
UPDATE secrets SET versions_ahead = versions_ahead + 1, row_version = row_version + 1, updated_at = ? WHERE id = ? AND id IN (?);
UPDATE secrets SET versions_ahead = versions_ahead + 1, row_version = row_version + 1, updated_at = ? WHERE id = ? AND name IN (?);

-- src/secrets/free.rs
SELECT c.left_at FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ?;
SELECT c.left_at FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ? AND s.environment_id IN (?);
SELECT c.remote_path FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ?;
SELECT c.remote_path FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ? AND s.environment_id IN (?);

-- src/secrets/glass.rs
INSERT INTO glass_breaks (environment_id, secret_id, act, rotation_id, reason, actor_id, actor_name, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);
SELECT g.id, g.secret_id, s.name AS secret_name, e.name AS environment_name, g.act, g.rotation_id, g.reason, g.actor_id, g.actor_name, g.created_at FROM glass_breaks g JOIN secrets s ON s.id = g.secret_id JOIN environments e ON e.id = g.environment_id WHERE g.acknowledged_at IS NULL;
SELECT g.id, g.secret_id, s.name AS secret_name, e.name AS environment_name, g.act, g.rotation_id, g.reason, g.actor_id, g.actor_name, g.created_at FROM glass_breaks g JOIN secrets s ON s.id = g.secret_id JOIN environments e ON e.id = g.environment_id WHERE g.acknowledged_at IS NULL AND g.environment_id IN (?);
SELECT g.id, g.secret_id, s.name AS secret_name, e.name AS environment_name, g.act, g.rotation_id, g.reason, g.actor_id, g.actor_name, g.created_at FROM glass_breaks g JOIN secrets s ON s.id = g.secret_id JOIN environments e ON e.id = g.environment_id WHERE g.acknowledged_at IS NULL AND g.secret_id = ?;
SELECT g.id, g.secret_id, s.name AS secret_name, e.name AS environment_name, g.act, g.rotation_id, g.reason, g.actor_id, g.actor_name, g.created_at FROM glass_breaks g JOIN secrets s ON s.id = g.secret_id JOIN environments e ON e.id = g.environment_id WHERE g.acknowledged_at IS NULL ORDER BY g.id DESC LIMIT ?;
SELECT secret_id, actor_id FROM glass_breaks WHERE id = ?;
UPDATE glass_breaks SET acknowledged_at = ?, acknowledger_id = ?, updated_at = ? WHERE id = ? AND acknowledged_at IS NULL;

-- src/secrets/link.rs
INSERT INTO copies (secret_id, backend, remote_path, attempts, created_at, updated_at) VALUES (?, ?, ?, 0, ?, ?);
UPDATE copies SET left_at = remote_path, remote_version = NULL, version_number = NULL, digest_seen = NULL, last_success_at = NULL, last_error = NULL, replaces = NULL, updated_at = ? WHERE secret_id = ? AND backend = ?;
UPDATE copies SET remote_path = ? WHERE secret_id = ? AND backend = ?;
UPDATE copies SET remote_version = NULL, version_number = NULL, digest_seen = NULL, last_success_at = NULL, last_error = NULL, next_try_at = NULL, replaces = NULL, attempts = 0, updated_at = ? WHERE secret_id = ? AND backend = ?;
UPDATE copies SET replaces = ?, updated_at = ? WHERE secret_id = ? AND backend = ?;
UPDATE copies SET replaces = ?, updated_at = ? WHERE secret_id = ? AND backend = ? AND remote_path = ?;
UPDATE secrets SET aws_unlinked = ? WHERE id = ?;
UPDATE secrets SET aws_unlinked = ?, aws_secret_arn = NULL WHERE id = ?;
UPDATE secrets SET vault_unlinked = ? WHERE id = ?;
UPDATE secrets SET vault_unlinked = ?, vault_path = NULL WHERE id = ?;

-- src/secrets/list/along.rs
SELECT id, environment_id FROM secrets WHERE 1 = 1;
SELECT id, environment_id FROM secrets WHERE 1 = 1 AND id IN (?);
SELECT id, environment_id, name FROM secrets WHERE 1 = 1;
SELECT id, environment_id, name FROM secrets WHERE 1 = 1 AND id IN (?);

-- src/secrets/list/few.rs
SELECT id, environment_id, name, updated_at, next_rotation_at, expires_at FROM secrets WHERE 1 = 1;
SELECT id, environment_id, name, updated_at, next_rotation_at, expires_at FROM secrets WHERE 1 = 1 AND id IN (?);

-- src/secrets/list/filter.rs
SELECT id, environment_id FROM secrets WHERE 1 = 1 AND is_active = ?;
SELECT id, environment_id FROM secrets WHERE 1 = 1 AND secrecy_level = ?;
SELECT id, environment_id FROM secrets WHERE 1 = 1 AND secret_type = ?;
SELECT id, environment_id FROM secrets WHERE 1 = 1 AND sync_status = ?;
SELECT id, environment_id, name FROM secrets WHERE 1 = 1 AND is_active = ?;
SELECT id, environment_id, name FROM secrets WHERE 1 = 1 AND secrecy_level = ?;
SELECT id, environment_id, name FROM secrets WHERE 1 = 1 AND secret_type = ?;
SELECT id, environment_id, name FROM secrets WHERE 1 = 1 AND sync_status = ?;
SELECT id, environment_id, name, updated_at, next_rotation_at, expires_at FROM secrets WHERE 1 = 1 AND is_active = ?;
SELECT id, environment_id, name, updated_at, next_rotation_at, expires_at FROM secrets WHERE 1 = 1 AND secrecy_level = ?;
SELECT id, environment_id, name, updated_at, next_rotation_at, expires_at FROM secrets WHERE 1 = 1 AND secret_type = ?;
SELECT id, environment_id, name, updated_at, next_rotation_at, expires_at FROM secrets WHERE 1 = 1 AND sync_status = ?;
SELECT id, name FROM secrets WHERE id = 0 AND is_active = ?;
SELECT id, name FROM secrets WHERE id = 0 AND secrecy_level = ?;
SELECT id, name FROM secrets WHERE id = 0 AND secret_type = ?;
SELECT id, name FROM secrets WHERE id = 0 AND sync_status = ?;
SELECT id, updated_at FROM secrets WHERE id = 0 AND is_active = ?;
SELECT id, updated_at FROM secrets WHERE id = 0 AND secrecy_level = ?;
SELECT id, updated_at FROM secrets WHERE id = 0 AND secret_type = ?;
SELECT id, updated_at FROM secrets WHERE id = 0 AND sync_status = ?;

-- src/secrets/list/keys.rs
SELECT id, name FROM secrets WHERE id = 0;
SELECT id, name FROM secrets WHERE id = 0 AND sync_status = ?;
SELECT id, updated_at FROM secrets WHERE id = 0;
SELECT id, updated_at FROM secrets WHERE id = 0 AND sync_status = ?;

-- src/secrets/list/plan.rs
SELECT id, environment_id FROM secrets WHERE 1 = 1 AND id IN (?);
SELECT id, environment_id, name FROM secrets WHERE 1 = 1 AND id IN (?);
SELECT id, environment_id, name, updated_at, next_rotation_at, expires_at FROM secrets WHERE 1 = 1 AND id IN (?);
SELECT id, name FROM secrets WHERE id = 0 AND id IN (?);
SELECT id, updated_at FROM secrets WHERE id = 0 AND id IN (?);

-- src/secrets/pending.rs
SELECT s.name FROM secrets s JOIN secret_versions v ON v.secret_id = s.id AND v.number = s.current_version + s.versions_ahead WHERE v.state = 'pending';
SELECT s.name FROM secrets s JOIN secret_versions v ON v.secret_id = s.id AND v.number = s.current_version + s.versions_ahead WHERE v.state = 'pending' AND s.id IN (?);
UPDATE secret_versions SET state = ?, updated_at = ? WHERE secret_id = ? AND number = ? AND state = 'pending';
UPDATE secrets SET versions_ahead = versions_ahead + 1, row_version = row_version + 1, updated_at = ? WHERE id = ?;

-- src/secrets/purge.rs
DELETE FROM copies WHERE secret_id = ?;
DELETE FROM jobs WHERE secret_id = ?;
DELETE FROM rotations WHERE secret_id = ?;
DELETE FROM secret_versions WHERE secret_id = ?;
DELETE FROM secrets WHERE id = ?;
SELECT COUNT(*) FROM secret_versions WHERE secret_id = ?;
SELECT backend, remote_path FROM copies WHERE secret_id = ? ORDER BY backend;

-- src/secrets/reveal.rs
UPDATE secrets SET next_rotation_at = ?, updated_at = ? WHERE id = ?;

-- src/secrets/rewrap.rs
SELECT COUNT(*) FROM (SELECT 1 AS one FROM secret_versions WHERE key_id = ? AND wrapped_key IS NOT NULL LIMIT 1001) t;
SELECT COUNT(*) FROM (SELECT 1 AS one FROM secret_versions WHERE key_id > ? AND key_id < ? AND wrapped_key IS NOT NULL LIMIT 1) t;
SELECT COUNT(*) FROM secret_versions WHERE key_id <> ? AND wrapped_key IS NOT NULL;
SELECT MIN(key_id) FROM secret_versions WHERE key_id > ?;
SELECT v.id, v.number, v.wrapped_key, s.uid, s.name, s.environment_id FROM secret_versions v JOIN secrets s ON s.id = v.secret_id WHERE v.key_id = ? AND v.id > ? AND v.wrapped_key IS NOT NULL ORDER BY v.id LIMIT ?;
UPDATE secret_versions SET wrapped_key = ?, key_id = ?, updated_at = ? WHERE id = ? AND wrapped_key = ?;

-- src/secrets/row.rs
SELECT id, uid, name, display_name, description, secret_type, secrecy_level, service_name, environment_id, creator_id, aws_sync_status, vault_sync_status, aws_secret_arn, vault_path, aws_unlinked, vault_unlinked, expires_at, auto_rotate, rotation_interval_days, last_rotated_at, next_rotation_at, policy, window_days, window_from, window_to, window_zone, tags, is_active, deactivated_at, current_version, versions_ahead, row_version, created_at, updated_at FROM secrets s WHERE 1 = 1;

-- src/secrets/search/card.rs
SELECT id, environment_id, name, display_name, service_name, tags, secret_type, secrecy_level, is_active, updated_at, next_rotation_at, expires_at FROM secrets WHERE 1 = 1;
SELECT secret_id, remote_path FROM copies WHERE 1 = 1;
SELECT secret_id, remote_path FROM copies WHERE 1 = 1 AND secret_id IN (?);
SELECT secret_id, remote_path FROM copies WHERE 1 = 1 ORDER BY secret_id, backend;

-- src/secrets/search/directory.rs
INSERT INTO search_directories (environment_id, shelves, serial, created_at, updated_at) VALUES (?, ?, ?, ?, ?);
INSERT INTO search_shelves (environment_id, cards, created_at, updated_at) VALUES (?, ?, ?, ?);
SELECT environment_id, serial, shelves FROM search_directories WHERE 1 = 1;
SELECT environment_id, serial, shelves FROM search_directories WHERE 1 = 1 AND environment_id IN (?);
SELECT id FROM search_grams WHERE gram = '' {lock};
UPDATE search_directories SET shelves = ?, serial = CASE WHEN serial < ? THEN ? ELSE serial + 1 END, updated_at = ? WHERE environment_id = ?;
UPDATE search_directories SET shelves = ?, serial = CASE WHEN serial < ? THEN ? ELSE serial + 1 END, updated_at = ? WHERE environment_id = ? AND environment_id IN (?);

-- src/secrets/search/filing.rs
DELETE FROM search_slips WHERE 1 = 1;
DELETE FROM search_slips WHERE 1 = 1 AND environment_id = ? AND name >= ?;
DELETE FROM search_slips WHERE 1 = 1 AND environment_id NOT IN (?);
DELETE FROM search_slips WHERE 1 = 1 AND id IN (?);
DELETE FROM search_slips WHERE 1 = 1 AND name < ?;
INSERT INTO search_slips (secret_id, environment_id, name, created_at, updated_at) VALUES (?, ?, ?, ?, ?);
SELECT cards FROM search_shelves WHERE id = ?;
SELECT cards FROM search_shelves WHERE id = ? AND environment_id NOT IN (?);
SELECT cards FROM search_shelves WHERE id = ? AND id IN (?);
SELECT cards FROM search_shelves WHERE id = ? ORDER BY id LIMIT ?;
SELECT id FROM search_slips ORDER BY id LIMIT 1;
SELECT id, environment_id, name FROM secrets WHERE 1 = 1;
SELECT id, environment_id, name FROM secrets WHERE 1 = 1 AND environment_id = ? AND name >= ?;
SELECT id, environment_id, name FROM secrets WHERE 1 = 1 AND environment_id NOT IN (?);
SELECT id, environment_id, name FROM secrets WHERE 1 = 1 AND id IN (?);
SELECT id, environment_id, name FROM secrets WHERE 1 = 1 AND name < ?;
SELECT id, environment_id, name FROM secrets WHERE 1 = 1 ORDER BY id LIMIT ?;
SELECT id, environment_id, name FROM secrets WHERE 1 = 1 ORDER BY name LIMIT ?;
SELECT id, secret_id, environment_id, name FROM search_slips WHERE 1 = 1;
SELECT id, secret_id, environment_id, name FROM search_slips WHERE 1 = 1 AND environment_id = ? AND name >= ?;
SELECT id, secret_id, environment_id, name FROM search_slips WHERE 1 = 1 AND environment_id NOT IN (?);
SELECT id, secret_id, environment_id, name FROM search_slips WHERE 1 = 1 AND id IN (?);
SELECT id, secret_id, environment_id, name FROM search_slips WHERE 1 = 1 AND name < ?;
SELECT id, secret_id, environment_id, name FROM search_slips WHERE 1 = 1 ORDER BY id LIMIT ?;
SELECT id, secret_id, environment_id, name FROM search_slips WHERE 1 = 1 ORDER BY name LIMIT ?;
UPDATE search_shelves SET cards = ?, updated_at = ? WHERE id = ?;
UPDATE search_shelves SET cards = ?, updated_at = ? WHERE id = ? AND environment_id NOT IN (?);
UPDATE search_shelves SET cards = ?, updated_at = ? WHERE id = ? AND id IN (?);

-- src/secrets/search/glance.rs
SELECT COUNT(*) FROM (SELECT id FROM search_slips WHERE environment_id = ? LIMIT ?) AS few;
SELECT cards FROM search_shelves WHERE id = ?;
SELECT cards FROM search_stretches WHERE environment_id = ? AND edition = ? AND dates = ? AND low <= ? ORDER BY low DESC LIMIT 1;
SELECT secret_id FROM search_slips WHERE 1 = 1;
SELECT secret_id FROM search_slips WHERE 1 = 1 AND secret_id IN (?);

-- src/secrets/search/grams.rs
DELETE FROM search_grams WHERE 1 = 1;
DELETE FROM search_grams WHERE 1 = 1 AND gram IN (?);
INSERT INTO search_grams (gram, shelves, created_at, updated_at) VALUES (?, ?, ?, ?);
SELECT gram, shelves FROM search_grams WHERE 1 = 1;
SELECT gram, shelves FROM search_grams WHERE 1 = 1 AND gram IN (?);
SELECT gram, shelves FROM search_grams WHERE gram > ? ORDER BY gram LIMIT ?;
SELECT id FROM search_shelves;

-- src/secrets/search/hold.rs
DELETE FROM search_refilings WHERE id = ? AND lease_token = ?;
DELETE FROM search_refilings WHERE id = ? AND lease_token = ? AND environment_id = ?;
DELETE FROM search_refilings WHERE id = ? AND lease_token = ? AND lease_until IS NOT NULL;
INSERT INTO search_refilings (environment_id, done, lease_token, lease_until, actor_name, created_at, updated_at) VALUES (?, 0, 1, ?, ?, ?, ?);
SELECT id, environment_id, done, lease_token, lease_until, actor_name FROM search_refilings WHERE 1 = 1;
SELECT id, environment_id, done, lease_token, lease_until, actor_name FROM search_refilings WHERE 1 = 1 AND environment_id = ?;
SELECT id, environment_id, done, lease_token, lease_until, actor_name FROM search_refilings WHERE 1 = 1 AND lease_until IS NOT NULL;
UPDATE search_refilings SET done = 0, lease_token = ?, lease_until = ?, actor_name = ?, created_at = ?, updated_at = ? WHERE id = ?;
UPDATE search_refilings SET done = 0, lease_token = ?, lease_until = ?, actor_name = ?, created_at = ?, updated_at = ? WHERE id = ? AND environment_id = ?;
UPDATE search_refilings SET done = 0, lease_token = ?, lease_until = ?, actor_name = ?, created_at = ?, updated_at = ? WHERE id = ? AND lease_until IS NOT NULL;
UPDATE search_refilings SET done = ?, lease_until = ?, updated_at = ? WHERE id = ? AND lease_token = ?;
UPDATE search_refilings SET done = ?, lease_until = ?, updated_at = ? WHERE id = ? AND lease_token = ? AND environment_id = ?;
UPDATE search_refilings SET done = ?, lease_until = ?, updated_at = ? WHERE id = ? AND lease_token = ? AND lease_until IS NOT NULL;
UPDATE search_refilings SET lease_token = lease_token + 1, lease_until = NULL, updated_at = ? WHERE id = ? AND lease_token = ?;
UPDATE search_refilings SET lease_token = lease_token + 1, lease_until = NULL, updated_at = ? WHERE id = ? AND lease_token = ? AND environment_id = ?;
UPDATE search_refilings SET lease_token = lease_token + 1, lease_until = NULL, updated_at = ? WHERE id = ? AND lease_token = ? AND lease_until <= ?;
UPDATE search_refilings SET lease_token = lease_token + 1, lease_until = NULL, updated_at = ? WHERE id = ? AND lease_token = ? AND lease_until <= ? AND environment_id = ?;
UPDATE search_refilings SET lease_token = lease_token + 1, lease_until = NULL, updated_at = ? WHERE id = ? AND lease_token = ? AND lease_until <= ? AND lease_until IS NOT NULL;
UPDATE search_refilings SET lease_token = lease_token + 1, lease_until = NULL, updated_at = ? WHERE id = ? AND lease_token = ? AND lease_until IS NOT NULL;

-- src/secrets/search/lead.rs
SELECT 'gram' AS kind, 0 AS id, 0 AS number, gram AS name, '' AS display_name, '' AS stage, shelves AS bytes FROM search_grams WHERE 1 = 1;
SELECT 'gram' AS kind, 0 AS id, 0 AS number, gram AS name, '' AS display_name, '' AS stage, shelves AS bytes FROM search_grams WHERE 1 = 1 AND gram IN (?);
SELECT 'gram' AS kind, 0 AS id, 0 AS number, gram AS name, '' AS display_name, '' AS stage, shelves AS bytes FROM search_grams WHERE 1 = 1 UNION ALL SELECT 'slip', secret_id, environment_id, '', '', '', NULL FROM search_slips UNION ALL SELECT 'environment', environments.id, COALESCE(serial, ?), name, display_name, stage, NULL FROM environments LEFT JOIN search_directories ON search_directories.environment_id = environments.id WHERE 1 = 1;

-- src/secrets/search/rows.rs
DELETE FROM search_grams WHERE 1 = 1 AND id IN (?);
DELETE FROM search_refilings WHERE id = ? AND lease_token = ? AND id IN (?);
DELETE FROM search_shelves WHERE 1 = 1 AND id IN (?);
DELETE FROM search_slips WHERE 1 = 1 AND id IN (?);
DELETE FROM search_stretches WHERE 1 = 1 AND id IN (?);
DELETE FROM search_stretches WHERE id = ? AND id IN (?);
SELECT 'gram' AS kind, 0 AS id, 0 AS number, gram AS name, '' AS display_name, '' AS stage, shelves AS bytes FROM search_grams WHERE 1 = 1 AND id IN (?);
SELECT cards FROM search_shelves WHERE id = ? AND id IN (?);
SELECT environment_id, low, cards FROM search_stretches WHERE id = 0 AND id IN (?);
SELECT environment_id, serial, shelves FROM search_directories WHERE 1 = 1 AND id IN (?);
SELECT gram, shelves FROM search_grams WHERE 1 = 1 AND id IN (?);
SELECT id, environment_id, done, lease_token, lease_until, actor_name FROM search_refilings WHERE 1 = 1 AND id IN (?);
SELECT id, environment_id, name FROM secrets WHERE 1 = 1 AND id IN (?);
SELECT id, environment_id, name, display_name, service_name, tags, secret_type, secrecy_level, is_active, updated_at, next_rotation_at, expires_at FROM secrets WHERE 1 = 1 AND id IN (?);
SELECT id, secret_id, environment_id, name FROM search_slips WHERE 1 = 1 AND id IN (?);
SELECT secret_id FROM search_slips WHERE 1 = 1 AND id IN (?);
SELECT secret_id, remote_path FROM copies WHERE 1 = 1 AND id IN (?);
UPDATE search_directories SET shelves = ?, serial = CASE WHEN serial < ? THEN ? ELSE serial + 1 END, updated_at = ? WHERE environment_id = ? AND id IN (?);
UPDATE search_refilings SET done = 0, lease_token = ?, lease_until = ?, actor_name = ?, created_at = ?, updated_at = ? WHERE id = ? AND id IN (?);
UPDATE search_refilings SET done = ?, lease_until = ?, updated_at = ? WHERE id = ? AND lease_token = ? AND id IN (?);
UPDATE search_refilings SET lease_token = lease_token + 1, lease_until = NULL, updated_at = ? WHERE id = ? AND lease_token = ? AND id IN (?);
UPDATE search_refilings SET lease_token = lease_token + 1, lease_until = NULL, updated_at = ? WHERE id = ? AND lease_token = ? AND lease_until <= ? AND id IN (?);
UPDATE search_shelves SET cards = ?, updated_at = ? WHERE id = ? AND id IN (?);
UPDATE search_stretches SET cards = ?, updated_at = ? WHERE id = ? AND id IN (?);

-- src/secrets/search/stretch.rs
DELETE FROM search_stretches WHERE id = ?;
INSERT INTO search_stretches (environment_id, edition, dates, low, cards, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?);
SELECT id, low, cards FROM search_stretches WHERE environment_id = ? AND edition = ? AND dates = ? AND low <= ? ORDER BY low DESC LIMIT 1;
UPDATE search_stretches SET cards = ?, updated_at = ? WHERE id = ?;

-- src/secrets/search/sweep.rs
DELETE FROM search_shelves WHERE 1 = 1;
DELETE FROM search_shelves WHERE 1 = 1 AND id IN (?);
DELETE FROM search_stretches WHERE 1 = 1;
DELETE FROM search_stretches WHERE 1 = 1 AND id IN (?);
SELECT id FROM search_shelves WHERE environment_id = ? AND id > ? ORDER BY id LIMIT ?;
SELECT id FROM search_stretches WHERE environment_id = ? AND edition <> ? LIMIT ?;

-- src/secrets/search/timeline.rs
SELECT environment_id, low, cards FROM search_stretches WHERE id = 0;

-- src/secrets/search/timelines.rs
DELETE FROM search_grams WHERE 1 = 1 AND id IN (?);
DELETE FROM search_refilings WHERE id = ? AND lease_token = ? AND id IN (?);
DELETE FROM search_shelves WHERE 1 = 1 AND id IN (?);
DELETE FROM search_slips WHERE 1 = 1 AND id IN (?);
DELETE FROM search_stretches WHERE 1 = 1 AND id IN (?);
DELETE FROM search_stretches WHERE id = ? AND id IN (?);
SELECT 'gram' AS kind, 0 AS id, 0 AS number, gram AS name, '' AS display_name, '' AS stage, shelves AS bytes FROM search_grams WHERE 1 = 1 AND id IN (?);
SELECT cards FROM search_shelves WHERE id = ? AND id IN (?);
SELECT environment_id, low, cards FROM search_stretches WHERE id = 0 AND id IN (?);
SELECT environment_id, serial, shelves FROM search_directories WHERE 1 = 1 AND id IN (?);
SELECT gram, shelves FROM search_grams WHERE 1 = 1 AND id IN (?);
SELECT id, environment_id, done, lease_token, lease_until, actor_name FROM search_refilings WHERE 1 = 1 AND id IN (?);
SELECT id, environment_id, name FROM secrets WHERE 1 = 1 AND id IN (?);
SELECT id, environment_id, name, display_name, service_name, tags, secret_type, secrecy_level, is_active, updated_at, next_rotation_at, expires_at FROM secrets WHERE 1 = 1 AND id IN (?);
SELECT id, secret_id, environment_id, name FROM search_slips WHERE 1 = 1 AND id IN (?);
SELECT secret_id FROM search_slips WHERE 1 = 1 AND id IN (?);
SELECT secret_id, remote_path FROM copies WHERE 1 = 1 AND id IN (?);
UPDATE search_directories SET shelves = ?, serial = CASE WHEN serial < ? THEN ? ELSE serial + 1 END, updated_at = ? WHERE environment_id = ? AND id IN (?);
UPDATE search_refilings SET done = 0, lease_token = ?, lease_until = ?, actor_name = ?, created_at = ?, updated_at = ? WHERE id = ? AND id IN (?);
UPDATE search_refilings SET done = ?, lease_until = ?, updated_at = ? WHERE id = ? AND lease_token = ? AND id IN (?);
UPDATE search_refilings SET lease_token = lease_token + 1, lease_until = NULL, updated_at = ? WHERE id = ? AND lease_token = ? AND id IN (?);
UPDATE search_refilings SET lease_token = lease_token + 1, lease_until = NULL, updated_at = ? WHERE id = ? AND lease_token = ? AND lease_until <= ? AND id IN (?);
UPDATE search_shelves SET cards = ?, updated_at = ? WHERE id = ? AND id IN (?);
UPDATE search_stretches SET cards = ?, updated_at = ? WHERE id = ? AND id IN (?);

-- src/secrets/search/walk.rs
SELECT search_shelves.id, cards, serial FROM search_shelves JOIN search_directories ON search_directories.environment_id = search_shelves.environment_id WHERE 1 = 1;
SELECT search_shelves.id, cards, serial FROM search_shelves JOIN search_directories ON search_directories.environment_id = search_shelves.environment_id WHERE 1 = 1 AND search_shelves.id IN (?);

-- src/secrets/sides.rs
SELECT s.id, s.name, s.secrecy_level AS level, s.current_version AS version, v.length, v.digest FROM secrets s JOIN secret_versions v ON v.secret_id = s.id AND v.number = s.current_version WHERE s.environment_id = ? AND s.is_active = ? AND s.name > ? ORDER BY s.name LIMIT ?;

-- src/secrets/status.rs
INSERT INTO copies (secret_id, backend, remote_path, next_try_at, attempts, created_at, updated_at) VALUES (?, ?, ?, ?, 0, ?, ?);
SELECT c.backend, c.remote_path, c.left_at, c.remote_version, c.version_number, c.digest_seen, c.last_success_at, c.last_error, c.next_try_at, c.attempts FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.secret_id = ?;
SELECT c.backend, c.remote_path, c.left_at, c.remote_version, c.version_number, c.digest_seen, c.last_success_at, c.last_error, c.next_try_at, c.attempts FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.secret_id = ? AND secret_id IN (?);
SELECT c.backend, c.remote_path, c.left_at, c.remote_version, c.version_number, c.digest_seen, c.last_success_at, c.last_error, c.next_try_at, c.attempts FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.secret_id = ? ORDER BY c.backend;
SELECT secret_id FROM copies WHERE backend = ?;
SELECT secret_id FROM copies WHERE backend = ? AND id IN (?);
SELECT secret_id FROM copies WHERE backend = ? AND secret_id IN (?);
SELECT sync_status FROM secrets WHERE 1 = 1;
SELECT sync_status FROM secrets WHERE 1 = 1 AND id IN (?);
UPDATE copies SET attempts = 0, next_try_at = ?, updated_at = ? WHERE backend = ?;
UPDATE copies SET attempts = 0, next_try_at = ?, updated_at = ? WHERE backend = ? AND id IN (?);
UPDATE copies SET attempts = 0, next_try_at = ?, updated_at = ? WHERE backend = ? AND secret_id IN (?);
UPDATE secrets SET aws_sync_status = ?, vault_sync_status = ?, sync_status = ?;
UPDATE secrets SET aws_sync_status = ?, vault_sync_status = ?, sync_status = ? WHERE id = ?;
UPDATE secrets SET aws_sync_status = ?, vault_sync_status = ?, sync_status = ? WHERE id = ? AND id IN (?);
UPDATE secrets SET aws_sync_status = ?, vault_sync_status = ?, sync_status = ? WHERE id IN (?);

-- src/secrets/store.rs
INSERT INTO secrets (uid, name, display_name, description, secret_type, secrecy_level, service_name, environment_id, creator_id, aws_sync_status, vault_sync_status, sync_status, aws_unlinked, vault_unlinked, expires_at, auto_rotate, rotation_interval_days, next_rotation_at, policy, window_days, window_from, window_to, window_zone, tags, is_active, current_version, row_version, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'not_configured', 'not_configured', 'not_configured', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1, ?, ?);
SELECT uid, id FROM secrets WHERE 1 = 1;
SELECT uid, id FROM secrets WHERE 1 = 1 AND uid IN (?);

-- src/secrets/tallies.rs
DELETE FROM secret_tallies WHERE 1 = 1;
DELETE FROM secret_tallies WHERE 1 = 1 AND id IN (?);
INSERT INTO secret_tallies (environment_id, is_active, sync_status, amount, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?);
SELECT environment_id, is_active, sync_status FROM secrets WHERE 1 = 1;
SELECT environment_id, is_active, sync_status FROM secrets WHERE 1 = 1 AND id IN (?);
SELECT id, environment_id, is_active, sync_status, amount FROM secret_tallies;

-- src/secrets/versions.rs
INSERT INTO secret_versions (secret_id, number, ciphertext, nonce, wrapped_key, key_id, digest, length, state, public_half, author_id, author_name, reason, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
SELECT ciphertext, nonce, wrapped_key, key_id FROM secret_versions WHERE secret_id = ? AND number = ?;
SELECT ciphertext, nonce, wrapped_key, key_id FROM secret_versions WHERE secret_id = ? AND number = ? AND secret_id = ?;
SELECT ciphertext, nonce, wrapped_key, key_id FROM secret_versions WHERE secret_id = ? AND number = ? AND secret_id = ? AND number = ?;
SELECT ciphertext, nonce, wrapped_key, key_id FROM secret_versions WHERE secret_id = ? AND number = ? AND secret_id IN (?);
SELECT id, secret_id, number, digest, length, state, public_half, author_name, reason, created_at FROM secret_versions WHERE 1 = 1;
SELECT id, secret_id, number, digest, length, state, public_half, author_name, reason, created_at FROM secret_versions WHERE 1 = 1 AND secret_id = ?;
SELECT id, secret_id, number, digest, length, state, public_half, author_name, reason, created_at FROM secret_versions WHERE 1 = 1 AND secret_id = ? AND number = ?;
SELECT id, secret_id, number, digest, length, state, public_half, author_name, reason, created_at FROM secret_versions WHERE 1 = 1 AND secret_id IN (?);
UPDATE secret_versions SET state = ?, updated_at = ? WHERE state = ?;
UPDATE secret_versions SET state = ?, updated_at = ? WHERE state = ? AND secret_id = ?;
UPDATE secret_versions SET state = ?, updated_at = ? WHERE state = ? AND secret_id = ? AND number = ?;
UPDATE secret_versions SET state = ?, updated_at = ? WHERE state = ? AND secret_id IN (?);
UPDATE secrets SET row_version = row_version + 1, updated_at = ?;
UPDATE secrets SET row_version = row_version + 1, updated_at = ? , last_rotated_at = ?, next_rotation_at = ?;
UPDATE secrets SET row_version = row_version + 1, updated_at = ? WHERE id IN (?);

-- src/signin/current.rs
DELETE FROM sessions WHERE expires_at <= ? OR last_seen_at <= ?;
DELETE FROM sessions WHERE id = ?;
DELETE FROM sessions WHERE token_hash = ?;
DELETE FROM sessions WHERE user_id = ?;
DELETE FROM sessions WHERE user_id = ? AND id <> ?;
DELETE FROM sessions WHERE user_id = ? AND id = ?;
SELECT data FROM sessions WHERE id = ? {lock};
SELECT id, client_addr, user_agent, created_at, last_seen_at FROM sessions WHERE user_id = ? AND expires_at > ? AND last_seen_at > ? ORDER BY last_seen_at DESC LIMIT 50;
SELECT s.id AS session_id, s.last_seen_at, s.proved_at, s.expires_at, s.data, u.id, u.username, u.email, u.display_name, u.auth_method, u.role, u.identity_provider, u.saml_subject_id, u.is_active, u.is_break_glass, u.auth_epoch, u.failed_count, u.failed_at, u.last_login_at, u.created_at, u.updated_at FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = ?;
UPDATE sessions SET data = ?, updated_at = ? WHERE id = ?;
UPDATE sessions SET last_seen_at = ?, updated_at = ? WHERE id = ?;

-- src/signin/password.rs
SELECT password_hash FROM users WHERE id = ?;
UPDATE users SET failed_count = failed_count + 1, failed_at = ? WHERE id = ?;
UPDATE users SET password_hash = ?, updated_at = ? WHERE id = ?;

-- src/signin/saml/logout.rs
DELETE FROM sessions WHERE user_id = ?;
DELETE FROM sessions WHERE user_id = ? AND saml_session_index IN (?);

-- src/signin/saml/reports.rs
DELETE FROM saml_reports WHERE expires_at <= ?;
DELETE FROM saml_reports WHERE id <= ?;
INSERT INTO saml_reports (reference, identity_provider_id, is_test, user_id, subject, report, expires_at, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);
SELECT MAX(id) FROM saml_reports;
SELECT reference, identity_provider_id, is_test, subject, report, created_at FROM saml_reports WHERE identity_provider_id = ? AND expires_at > ? ORDER BY id DESC LIMIT ?;
SELECT reference, identity_provider_id, is_test, subject, report, created_at FROM saml_reports WHERE reference = ? AND expires_at > ?;

-- src/signin/saml/requests.rs
DELETE FROM saml_assertions WHERE expires_at <= ?;
DELETE FROM saml_requests WHERE arrived_user_id = ?;
DELETE FROM saml_requests WHERE arrived_user_id = ? AND request_id = ?;
DELETE FROM saml_requests WHERE expires_at <= ?;
DELETE FROM saml_requests WHERE expires_at <= ? AND request_id = ?;
DELETE FROM saml_requests WHERE id = ? AND arrived_user_id IS NOT NULL;
DELETE FROM saml_requests WHERE id = ? AND arrived_user_id IS NOT NULL AND request_id = ?;
INSERT INTO saml_assertions (assertion_hash, expires_at, created_at, updated_at) VALUES (?, ?, ?, ?);
INSERT INTO saml_requests (request_id, browser_hash, client_addr, next, session_hash, prove_user_id, purpose, identity_provider_id, expires_at, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
SELECT COUNT(*) FROM (SELECT id FROM saml_requests LIMIT ?) AS counted;
SELECT COUNT(*) FROM (SELECT id FROM saml_requests WHERE client_addr = ? AND expires_at > ? LIMIT ?) AS counted;
SELECT id FROM saml_assertions WHERE assertion_hash = ?;
SELECT id, request_id, browser_hash, next, session_hash, prove_user_id, purpose, identity_provider_id, used_at, arrived_user_id, arrived_epoch, session_index, name_id, session_ends_at, expires_at, created_at FROM saml_requests WHERE 1 = 1;
SELECT id, request_id, browser_hash, next, session_hash, prove_user_id, purpose, identity_provider_id, used_at, arrived_user_id, arrived_epoch, session_index, name_id, session_ends_at, expires_at, created_at FROM saml_requests WHERE 1 = 1 AND browser_hash = ? AND arrived_user_id IS NOT NULL AND expires_at > ? ORDER BY id DESC LIMIT 1;
SELECT id, request_id, browser_hash, next, session_hash, prove_user_id, purpose, identity_provider_id, used_at, arrived_user_id, arrived_epoch, session_index, name_id, session_ends_at, expires_at, created_at FROM saml_requests WHERE 1 = 1 AND request_id = ?;
SELECT id, request_id, browser_hash, next, session_hash, prove_user_id, purpose, identity_provider_id, used_at, arrived_user_id, arrived_epoch, session_index, name_id, session_ends_at, expires_at, created_at FROM saml_requests WHERE 1 = 1 AND request_id = ? AND purpose = ? AND used_at IS NULL {lock};
SELECT id, request_id, browser_hash, next, session_hash, prove_user_id, purpose, identity_provider_id, used_at, arrived_user_id, arrived_epoch, session_index, name_id, session_ends_at, expires_at, created_at FROM saml_requests WHERE 1 = 1 AND request_id = ? {lock};
UPDATE saml_requests SET arrived_user_id = ?, arrived_epoch = ?, session_index = ?, name_id = ?, session_ends_at = ?, updated_at = ? WHERE id = ?;
UPDATE saml_requests SET arrived_user_id = ?, arrived_epoch = ?, session_index = ?, name_id = ?, session_ends_at = ?, updated_at = ? WHERE id = ? AND request_id = ?;
UPDATE saml_requests SET used_at = ?, updated_at = ? WHERE id = ?;
UPDATE saml_requests SET used_at = ?, updated_at = ? WHERE id = ? AND request_id = ?;

-- src/signin/store.rs
DELETE FROM sessions WHERE token_hash = ?;
INSERT INTO sessions (token_hash, user_id, data, last_seen_at, proved_at, expires_at, client_addr, user_agent, saml_session_index, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
SELECT data, expires_at FROM sessions WHERE token_hash = ? AND expires_at > ?;
UPDATE users SET last_login_at = ?, failed_count = 0, updated_at = ? WHERE id = ?;

-- src/sources/adopt.rs
DELETE FROM secret_sources WHERE secret_id = ?;
SELECT row_version FROM sources WHERE id = ? AND environment_id = ?;

-- src/sources/password.rs
SELECT id, environment_id, name, engine, host, port, database_name, tls, authority, user_name, row_version, created_at, updated_at, ciphertext, nonce, wrapped_key, key_id FROM sources WHERE id = ?;

-- src/sources/rewrap.rs
SELECT COUNT(*) FROM (SELECT 1 AS one FROM sources WHERE key_id = ? AND wrapped_key IS NOT NULL LIMIT 1001) t;
SELECT COUNT(*) FROM (SELECT 1 AS one FROM sources WHERE key_id > ? AND key_id < ? AND wrapped_key IS NOT NULL LIMIT 1) t;
SELECT COUNT(*) FROM sources WHERE key_id <> ? AND wrapped_key IS NOT NULL;
SELECT MIN(key_id) FROM sources WHERE key_id > ?;
SELECT id, name, environment_id, wrapped_key, engine, host, port, tls, authority, user_name FROM sources WHERE key_id = ? AND id > ? ORDER BY id LIMIT ?;
UPDATE sources SET wrapped_key = ?, key_id = ?, updated_at = ? WHERE id = ? AND wrapped_key = ?;

-- src/sources/row.rs
SELECT id, environment_id, name, engine, host, port, database_name, tls, authority, user_name, row_version, created_at, updated_at FROM sources WHERE 1 = 1;
SELECT id, environment_id, name, engine, host, port, database_name, tls, authority, user_name, row_version, created_at, updated_at FROM sources WHERE 1 = 1 AND environment_id = ? ORDER BY name;
SELECT id, environment_id, name, engine, host, port, database_name, tls, authority, user_name, row_version, created_at, updated_at FROM sources WHERE 1 = 1 AND id = ?;
SELECT s.id, s.name FROM secret_sources u JOIN secrets s ON s.id = u.secret_id WHERE u.source_id = ? ORDER BY s.name LIMIT ?;

-- src/sources/save.rs
DELETE FROM sources WHERE id = ?;
INSERT INTO sources (environment_id, name, engine, host, port, database_name, tls, authority, user_name, ciphertext, nonce, wrapped_key, key_id, row_version, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?);
SELECT id FROM sources WHERE environment_id = ? AND name = ? AND id <> ?;
UPDATE sources SET name = ?, engine = ?, host = ?, port = ?, database_name = ?, tls = ?, authority = ?, user_name = ?, row_version = row_version + 1, updated_at = ?;
UPDATE sources SET name = ?, engine = ?, host = ?, port = ?, database_name = ?, tls = ?, authority = ?, user_name = ?, row_version = row_version + 1, updated_at = ? , ciphertext = ?, nonce = ?, wrapped_key = ?, key_id = ?;
UPDATE sources SET name = ?, engine = ?, host = ?, port = ?, database_name = ?, tls = ?, authority = ?, user_name = ?, row_version = row_version + 1, updated_at = ? WHERE id = ?;

-- src/sources/strategy.rs
SELECT COUNT(*) FROM secret_sources WHERE 1 = 1;
SELECT COUNT(*) FROM secret_sources WHERE 1 = 1 AND secret_id IN (?);
SELECT s.name FROM secret_sources u JOIN secrets s ON s.id = u.secret_id WHERE 1 = 1;
SELECT s.name FROM secret_sources u JOIN secrets s ON s.id = u.secret_id WHERE 1 = 1 AND secret_id IN (?);
SELECT s.name FROM secret_sources u JOIN secrets s ON s.id = u.secret_id WHERE 1 = 1 AND u.secret_id IN (?);

-- src/sources/users.rs
INSERT INTO secret_sources (secret_id, source_id, account_name, account_host, second_name, second_host, shape, row_version, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?);
SELECT s.name, u.account_name, u.account_host, u.second_name, u.second_host FROM secret_sources u JOIN secrets s ON s.id = u.secret_id WHERE u.source_id = ? AND u.secret_id <> ?;
SELECT source_id, account_name, account_host, second_name, second_host, shape FROM secret_sources WHERE secret_id = ?;
UPDATE secret_sources SET source_id = ?, account_name = ?, account_host = ?, second_name = ?, second_host = ?, shape = ?, row_version = row_version + 1, updated_at = ? WHERE secret_id = ?;

-- src/sync/health.rs
SELECT s.environment_id, j.last_error FROM jobs j JOIN secrets s ON s.id = j.secret_id WHERE j.backend = ? AND j.state IN ('waiting', 'leased') AND j.last_error IS NOT NULL ORDER BY j.run_at, j.id LIMIT ?;

-- src/sync/moving.rs
DELETE FROM verifications WHERE secret_id = ? AND place = ?;
SELECT remote_path, left_at FROM copies WHERE secret_id = ? AND backend = ?;
UPDATE copies SET left_at = NULL, updated_at = ? WHERE secret_id = ? AND backend = ?;

-- src/sync/push.rs
SELECT remote_path, replaces FROM copies WHERE secret_id = ? AND backend = ?;
UPDATE copies SET remote_version = ?, version_number = ?, digest_seen = ?, last_success_at = ?, last_error = NULL, next_try_at = NULL, replaces = NULL, attempts = ?, updated_at = ? WHERE secret_id = ? AND backend = ?;
UPDATE secrets SET aws_secret_arn = ? WHERE id = ?;
UPDATE secrets SET vault_path = ? WHERE id = ?;

-- src/sync/queue.rs
SELECT j.id, j.kind, j.backend, j.secret_id, s.name AS secret_name, s.environment_id, j.version_number, (j.state = 'leased') AS is_running, (CASE j.backend WHEN 'aws' THEN s.aws_sync_status ELSE s.vault_sync_status END = 'failed') AS has_failed, j.attempts, j.run_at, j.last_error, j.created_at FROM jobs j JOIN secrets s ON s.id = j.secret_id WHERE j.backend = ? AND j.state = ?;
SELECT j.id, j.kind, j.backend, j.secret_id, s.name AS secret_name, s.environment_id, j.version_number, (j.state = 'leased') AS is_running, (CASE j.backend WHEN 'aws' THEN s.aws_sync_status ELSE s.vault_sync_status END = 'failed') AS has_failed, j.attempts, j.run_at, j.last_error, j.created_at FROM jobs j JOIN secrets s ON s.id = j.secret_id WHERE j.backend = ? AND j.state = ? AND s.environment_id IN (?);
SELECT j.secret_id, j.backend FROM jobs j WHERE j.id = ?;

-- src/sync/refused.rs
UPDATE copies SET last_error = ?, next_try_at = ?, attempts = ?, updated_at = ? WHERE secret_id = ? AND backend = ?;

-- src/sync/remove.rs
SELECT last_error FROM copies WHERE secret_id = ? AND backend = ?;
SELECT remote_path, left_at FROM copies WHERE secret_id = ? AND backend = ?;
UPDATE copies SET last_error = NULL, next_try_at = NULL, attempts = ?, updated_at = ? WHERE secret_id = ? AND backend = ?;

-- src/verify/comparison.rs
INSERT INTO comparisons (environment_id, asked_by, is_whole, after_name, total, compared, different, unknown, added, stalls, given_up, unlisted, lease_token, next_at, began_at, ended_at, created_at, updated_at) VALUES (?, '', ?, '', 0, 0, 0, 0, 0, 0, '', '', 0, NULL, ?, ?, ?, ?);
SELECT environment_id, asked_by, is_whole, after_name, total, compared, different, unknown, added, stalls, given_up, unlisted, lease_token, began_at, ended_at FROM comparisons WHERE 1 = 1;
SELECT environment_id, asked_by, is_whole, after_name, total, compared, different, unknown, added, stalls, given_up, unlisted, lease_token, began_at, ended_at FROM comparisons WHERE 1 = 1 AND environment_id = ?;
SELECT next_at FROM comparisons WHERE environment_id = ? {lock};
UPDATE comparisons SET asked_by = ?, is_whole = ?, after_name = '', total = ?, compared = 0, different = 0, unknown = 0, added = 0, stalls = 0, given_up = '', unlisted = '', lease_token = lease_token + 1, next_at = ?, began_at = ?, ended_at = NULL, updated_at = ? WHERE environment_id = ?;
UPDATE comparisons SET asked_by = ?, is_whole = ?, after_name = '', total = ?, compared = 0, different = 0, unknown = 0, added = 0, stalls = 0, given_up = '', unlisted = '', lease_token = lease_token + 1, next_at = ?, began_at = ?, ended_at = NULL, updated_at = ? WHERE environment_id = ? AND environment_id = ?;

-- src/verify/drifted.rs
SELECT v.secret_id, s.name, v.place, v.outcome, v.digest AS digest_there, w.digest AS digest_here, v.checked_at FROM verifications v JOIN secrets s ON s.id = v.secret_id JOIN secret_versions w ON w.secret_id = s.id AND w.number = s.current_version LEFT JOIN copies c ON c.secret_id = s.id AND c.backend = v.place WHERE v.environment_id = ? AND v.is_drift = ? AND s.is_active = ? AND (v.place <> 'aws' OR s.aws_unlinked = ?) AND (v.place <> 'vault' OR s.vault_unlinked = ?) AND v.checked_at >= w.created_at AND (c.last_success_at IS NULL OR c.last_success_at <= v.checked_at);

-- src/verify/former.rs
SELECT COUNT(*) FROM verifications;
SELECT v.id, v.environment_id, v.outcome, s.environment_id AS home FROM verifications v JOIN secrets s ON s.id = v.secret_id WHERE v.id > ? ORDER BY v.id LIMIT ?;
UPDATE verifications SET environment_id = ?, is_drift = ?, updated_at = ? WHERE environment_id = 0;
UPDATE verifications SET environment_id = ?, is_drift = ?, updated_at = ? WHERE environment_id = 0 AND id IN (?);

-- src/verify/keep.rs
DELETE FROM verifications WHERE secret_id = ?;
DELETE FROM verifications WHERE secret_id = ? AND place NOT IN (?);
INSERT INTO verifications (secret_id, environment_id, place, outcome, is_drift, detail, remote_version, digest, checked_at, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
SELECT place, outcome FROM verifications WHERE secret_id = ?;
SELECT place, outcome FROM verifications WHERE secret_id = ? AND place NOT IN (?);
UPDATE copies SET digest_seen = ?, updated_at = ? WHERE secret_id = ? AND backend = ? AND last_success_at = ?;

-- src/verify/night.rs
SELECT e.id FROM environments e WHERE e.is_active = ? AND (e.aws_enabled = ? OR e.vault_enabled = ? OR EXISTS (SELECT 1 FROM sources o WHERE o.environment_id = e.id)) ORDER BY e.id;
SELECT next_at FROM verify_rounds WHERE id = 1;
SELECT next_at FROM verify_rounds WHERE id = 1 {skip};
UPDATE verify_rounds SET next_at = ?, updated_at = ? WHERE id = 1;

-- src/verify/round.rs
SELECT environment_id, asked_by, is_whole, after_name, total, compared, different, unknown, added, stalls, given_up, unlisted, lease_token, began_at, ended_at FROM comparisons WHERE 1 = 1 AND next_at <= ? ORDER BY next_at LIMIT 1 {skip};
SELECT id FROM comparisons WHERE next_at <= ? ORDER BY next_at LIMIT 1;
SELECT next_at FROM verify_rounds WHERE id = 1 AND next_at <= ? ORDER BY next_at LIMIT 1 {skip};
SELECT s.id, s.name FROM secrets s JOIN environments e ON e.id = s.environment_id WHERE s.environment_id = ? AND s.is_active = ? AND s.name > ? AND e.is_active = ? AND (EXISTS (SELECT 1 FROM secret_sources u WHERE u.secret_id = s.id) OR EXISTS (SELECT 1 FROM copies c WHERE c.secret_id = s.id)) AND NOT EXISTS (SELECT 1 FROM rotations r WHERE r.secret_id = s.id AND r.status = 'running') ORDER BY s.name LIMIT ?;
UPDATE comparisons SET added = ?, unlisted = ?, next_at = NULL, ended_at = ?, updated_at = ? WHERE environment_id = ? AND lease_token = ?;
UPDATE comparisons SET after_name = ?, compared = compared + ?, different = different + ?, unknown = unknown + ?, stalls = 0, given_up = ?, next_at = ?, updated_at = ? WHERE environment_id = ? AND lease_token = ?;
UPDATE comparisons SET lease_token = ?, next_at = ?, updated_at = ? WHERE environment_id = ?;
UPDATE comparisons SET stalls = stalls + 1, next_at = ?, updated_at = ? WHERE environment_id = ? AND lease_token = ?;

-- src/verify/row.rs
SELECT place, outcome, detail, remote_version, digest, checked_at FROM verifications WHERE secret_id = ?;

-- src/verify/strays.rs
DELETE FROM strays WHERE environment_id = ?;
DELETE FROM strays WHERE environment_id = ? AND backend = ?;
DELETE FROM strays WHERE environment_id = ? AND backend = ? AND backend NOT IN (?);
DELETE FROM strays WHERE environment_id = ? AND backend = ? AND path IN (?);
DELETE FROM strays WHERE environment_id = ? AND backend NOT IN (?);
DELETE FROM strays WHERE environment_id = ? AND path IN (?);
DELETE FROM strays WHERE id = ?;
DELETE FROM strays WHERE id = ? AND backend NOT IN (?);
DELETE FROM strays WHERE id = ? AND path IN (?);
INSERT INTO strays (environment_id, backend, path, belongs, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?);
SELECT COUNT(*) FROM strays WHERE environment_id = ? AND belongs = ?;
SELECT COUNT(*) FROM strays WHERE environment_id = ? AND belongs = ? AND backend NOT IN (?);
SELECT COUNT(*) FROM strays WHERE environment_id = ? AND belongs = ? AND path IN (?);
SELECT id, backend, path, created_at FROM strays WHERE environment_id = ? AND belongs = ? ORDER BY backend, path LIMIT ?;
SELECT id, backend, path, created_at FROM strays WHERE id = ? AND environment_id = ? AND belongs = ? {lock};
SELECT id, path FROM strays WHERE environment_id = ? AND backend = ?;
SELECT id, path FROM strays WHERE environment_id = ? AND backend = ? AND backend NOT IN (?);
SELECT id, path FROM strays WHERE environment_id = ? AND backend = ? AND path IN (?);
UPDATE strays SET belongs = ?, updated_at = ? WHERE id = ?;
UPDATE strays SET belongs = ?, updated_at = ? WHERE id = ? AND backend NOT IN (?);
UPDATE strays SET belongs = ?, updated_at = ? WHERE id = ? AND path IN (?);

-- src/verify/verify.rs
SELECT (SELECT COUNT(*) FROM secret_sources WHERE secret_id = ?) + (SELECT COUNT(*) FROM copies WHERE secret_id = ?);
SELECT COUNT(*) FROM rotations WHERE secret_id = ? AND status = 'running';

-- Not above, because they make a statement only together with others:
-- src/audit/list.rs: … and 3 that are chosen while Keeper runs
-- src/people/epoch.rs: … and 1 that are chosen while Keeper runs
-- src/rotations/list.rs: … and 2 that are chosen while Keeper runs
-- src/rotations/row.rs: … and 1 that are chosen while Keeper runs
-- src/secrets/find.rs: … and 2 that are chosen while Keeper runs
-- src/secrets/list/filter.rs: … and 1 that are chosen while Keeper runs
-- src/secrets/list/keys.rs: ) AS part
-- src/secrets/list/keys.rs: FROM secrets WHERE environment_id = ? AND is_active = ?
-- src/secrets/list/keys.rs: UNION ALL SELECT * FROM (SELECT id,
-- src/secrets/list/keys.rs: … and 9 that are chosen while Keeper runs
-- src/secrets/search/lead.rs: AND environments.id IN (?)
-- src/secrets/search/timeline.rs: ) AS part
-- src/secrets/search/timeline.rs: UNION ALL SELECT part.environment_id, part.low, (SELECT s.cards FROM search_stretches s WHERE s.id = part.id) FROM (SELECT id, environment_id, low FROM search_stretches WHERE environment_id = ? AND edition = ? AND dates = ?
-- src/secrets/search/timeline.rs: … and 1 that are chosen while Keeper runs
-- src/secrets/status.rs: … and 1 that are chosen while Keeper runs
-- src/secrets/versions.rs: … and 2 that are chosen while Keeper runs
-- src/sources/adopt.rs: … and 1 that are chosen while Keeper runs
-- src/sources/row.rs: … and 1 that are chosen while Keeper runs
-- src/sync/queue.rs: … and 2 that are chosen while Keeper runs
-- src/verify/drifted.rs: … and 1 that are chosen while Keeper runs
