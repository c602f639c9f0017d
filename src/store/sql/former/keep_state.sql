INSERT INTO raw_former_states (kind, user_id, nth, batch, former_batch, value)
VALUES (
    ?1,
    ?2,
    (SELECT coalesce(max(nth), 0) + 1 FROM raw_former_states WHERE kind = ?1 AND user_id = ?2),
    ?3,
    ?4,
    ?5
)
