-- A view could run anything, a virtual table a module.
SELECT EXISTS (
    SELECT 1
    FROM main.sqlite_schema
    WHERE type = 'table'
      AND lower(name) = ?1
      AND rootpage > 0
)
