-- The newest ?1 stay.
DELETE FROM raw_rejects
WHERE rowid <= (SELECT max(rowid) FROM raw_rejects) - ?1
