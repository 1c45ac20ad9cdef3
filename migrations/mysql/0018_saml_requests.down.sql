-- Sign-ins that were sent to an identity provider: which browser they belong to, what they come back to, and that they are used once.
DROP TABLE saml_requests;
