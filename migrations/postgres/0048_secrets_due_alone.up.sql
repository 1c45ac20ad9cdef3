-- Finds what is to be rotated without anybody asking, among many secrets of which most are only reminders.
CREATE INDEX secrets_due_alone_idx ON secrets (auto_rotate, is_active, next_rotation_at, id);
