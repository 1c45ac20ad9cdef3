-- On which shelves a run of two, three or four letters occurs: one bit for each shelf.
CREATE TABLE search_grams (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    gram VARCHAR(4) NOT NULL,
    shelves MEDIUMBLOB NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,

    CONSTRAINT search_grams_gram_key UNIQUE KEY (gram)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
