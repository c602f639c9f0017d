INSERT INTO raw_users (code, id)
VALUES (?1, ?2)
