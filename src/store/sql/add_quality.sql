INSERT INTO raw_qualities (code, name)
VALUES (?1, ?2)
