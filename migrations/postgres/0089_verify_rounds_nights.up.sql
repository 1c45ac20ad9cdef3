-- It tells when the next night begins; how far one is stands in `comparisons`.
ALTER TABLE verify_rounds DROP COLUMN after_secret_id;
