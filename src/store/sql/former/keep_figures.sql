-- What the batch itself has brought goes with it, and need not be put back.
INSERT INTO raw_former_logs (id, nth, batch, changed_at_us, credits_nano, created_at_us)
SELECT
    id,
    (SELECT coalesce(max(nth), 0) + 1 FROM raw_former_logs WHERE id = ?1),
    ?2,
    ?3,
    credits_nano,
    created_at_us
FROM raw_usage_logs
WHERE id = ?1
  AND batch <> ?2
