COPY public.usage_logs (id, user_id, action, credits_consumed, metadata, created_at, format, quality) FROM stdin;
00000000-0000-4000-8000-000000000001	00000000-0000-4000-8000-00000000000a	chat	2.5	{"n": 1}	2025-08-30 10:00:00+00	\N	hd
\.

-- end
