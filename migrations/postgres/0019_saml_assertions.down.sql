-- Assertions that were believed, until they could not be shown again.
DROP TABLE saml_assertions;
