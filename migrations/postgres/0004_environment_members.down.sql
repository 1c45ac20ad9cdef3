-- Who may enter an environment whose access is members.
DROP TABLE environment_members;
