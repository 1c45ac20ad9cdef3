-- How people may sign in: by single sign-on alone, or by password too.
DROP TABLE sign_in_policy;
