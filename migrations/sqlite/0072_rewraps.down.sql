DROP TABLE rewraps;
