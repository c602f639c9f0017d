UPDATE raw_imports
SET removed_at_us = ?2
WHERE batch = ?1
