-- What programs call their requests, so that each is done once.
DROP TABLE request_keys;
