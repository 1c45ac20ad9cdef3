-- Nothing waits for another person.
DROP TABLE rotation_requests;
