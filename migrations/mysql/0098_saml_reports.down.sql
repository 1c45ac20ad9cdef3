-- Everything in it goes.
DROP TABLE saml_reports;
