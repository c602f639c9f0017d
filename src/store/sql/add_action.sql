INSERT INTO raw_actions (code, name)
VALUES (?1, ?2)
