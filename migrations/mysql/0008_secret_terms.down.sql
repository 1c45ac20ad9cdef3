-- What search finds: one folded word of a secret's name, display name, service or tag.
DROP TABLE secret_terms;
