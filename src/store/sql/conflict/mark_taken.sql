UPDATE raw_conflicts
SET taken_at_us = ?2, taken_by = ?3
WHERE rowid = ?1
