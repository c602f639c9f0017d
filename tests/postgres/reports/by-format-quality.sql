SELECT format, quality, count(*) AS usage_count, sum(credits_consumed) AS total_credits
FROM usage_logs
WHERE :own AND format IS NOT NULL AND quality IS NOT NULL
GROUP BY format, quality
ORDER BY total_credits DESC, format COLLATE "C", quality COLLATE "C"
