-- People who sign in: by SAML, by password or as a demo persona; their role, and the bookkeeping of failed sign-ins.
DROP TABLE users;
