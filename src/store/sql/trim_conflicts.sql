-- The newest ?1 stay.
DELETE FROM raw_conflicts
WHERE rowid <= (SELECT max(rowid) FROM raw_conflicts) - ?1
