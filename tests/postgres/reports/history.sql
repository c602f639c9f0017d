SELECT id, user_id, action, credits_consumed, metadata, created_at, format, quality
FROM usage_logs
WHERE :own
ORDER BY created_at DESC, id
LIMIT 100
