SELECT coalesce(max(batch), 0) + 1 AS batch
FROM raw_imports
