-- Signed states of the audit chain that can be kept elsewhere and compared later.
DROP TABLE audit_checkpoints;
