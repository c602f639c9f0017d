INSERT INTO raw_formats (code, name)
VALUES (?1, ?2)
