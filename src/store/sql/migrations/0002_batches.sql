-- Imports that can be taken back.

-- When the batch was removed. What it did is then history, and its number is not given again.
ALTER TABLE raw_imports ADD COLUMN removed_at_us INTEGER;
-- 1 where what the batch replaced is kept below; 0 for batches that version 1 of the file took in.
ALTER TABLE raw_imports ADD COLUMN keeps_former INTEGER NOT NULL DEFAULT 0 CHECK (keeps_former IN (0, 1));

-- How many rows of an earlier batch a batch had again. A row counts once, however often it came.
CREATE TABLE raw_repeats (
    batch    INTEGER NOT NULL,
    of_batch INTEGER NOT NULL,
    rows     INTEGER NOT NULL,
    PRIMARY KEY (batch, of_batch)
) STRICT, WITHOUT ROWID;

-- The row of a conflict as it was understood, so that it can be taken. All NULL where it was not kept:
-- in conflicts of version 1, of other tables, and of very long metadata.
ALTER TABLE raw_conflicts ADD COLUMN user_id BLOB CHECK (length(user_id) = 16);
ALTER TABLE raw_conflicts ADD COLUMN action TEXT;
ALTER TABLE raw_conflicts ADD COLUMN credits_nano INTEGER;
ALTER TABLE raw_conflicts ADD COLUMN created_at_us INTEGER;
ALTER TABLE raw_conflicts ADD COLUMN format TEXT;
ALTER TABLE raw_conflicts ADD COLUMN quality TEXT;
ALTER TABLE raw_conflicts ADD COLUMN metadata TEXT;
-- When somebody took this version for the row, and who: a user of the machine.
ALTER TABLE raw_conflicts ADD COLUMN taken_at_us INTEGER;
ALTER TABLE raw_conflicts ADD COLUMN taken_by TEXT;

-- What a log row was before a batch changed it, in the order of the changes (`nth`, from 1).
-- More digits change credits and time only, and the other columns are NULL; a version that was taken
-- changes all, and then `user_id` and `action` are there.
CREATE TABLE raw_former_logs (
    id            BLOB NOT NULL CHECK (length(id) = 16),
    nth           INTEGER NOT NULL,
    batch         INTEGER NOT NULL,
    changed_at_us INTEGER NOT NULL,
    changed_by    TEXT,
    credits_nano  INTEGER NOT NULL,
    created_at_us INTEGER NOT NULL,
    user_id       BLOB CHECK (length(user_id) = 16),
    action        TEXT,
    format        TEXT,
    quality       TEXT,
    metadata      TEXT,
    PRIMARY KEY (id, nth)
) STRICT, WITHOUT ROWID;

-- What the state of a user was before a batch replaced it, in the order of the changes (`nth`, from 1):
-- the `username`, or the `roles` as a JSON array. A state that was the first has nothing here.
CREATE TABLE raw_former_states (
    kind         TEXT NOT NULL,
    user_id      BLOB NOT NULL CHECK (length(user_id) = 16),
    nth          INTEGER NOT NULL,
    batch        INTEGER NOT NULL,
    former_batch INTEGER NOT NULL,
    value        TEXT,
    PRIMARY KEY (kind, user_id, nth)
) STRICT, WITHOUT ROWID;
