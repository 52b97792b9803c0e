-- The platform's bills beside the books: runs, differences, and what a bill had on another day than the books.
CREATE TABLE bill_runs (
    id          INTEGER PRIMARY KEY,
    app         INTEGER NOT NULL,
    -- The midnight in Beijing with which the bill's day begins.
    day         INTEGER NOT NULL,
    kinds       TEXT    NOT NULL,
    source      TEXT    NOT NULL CHECK (source IN ('platform', 'file')),
    state       TEXT    NOT NULL CHECK (state IN ('matching', 'asking', 'done', 'stopped', 'failed')),
    started_at  INTEGER NOT NULL,
    -- When every row was compared: from then on the run only asks.
    matched_at  INTEGER,
    finished_at INTEGER,
    -- Rows and sums per kind, as JSON.
    figures     TEXT    NOT NULL,
    differences INTEGER NOT NULL CHECK (differences >= 0),
    left_out    INTEGER NOT NULL CHECK (left_out >= 0),
    to_ask      INTEGER NOT NULL CHECK (to_ask >= 0),
    asked       INTEGER NOT NULL CHECK (asked >= 0),
    problem     TEXT
) STRICT;

CREATE INDEX bill_runs_day ON bill_runs (app, day);

-- One row for each number and type, however often it is found. What each side says is JSON: it is shown, never summed.
CREATE TABLE bill_differences (
    id           INTEGER PRIMARY KEY,
    app          INTEGER NOT NULL,
    kind         TEXT    NOT NULL,
    number       TEXT    NOT NULL,
    type         TEXT    NOT NULL CHECK (type IN ('ours_only', 'theirs_only', 'amount', 'state', 'fee')),
    day          INTEGER NOT NULL,
    -- The last run that found it.
    run          INTEGER NOT NULL,
    order_id     INTEGER,
    out_order_no TEXT,
    ours         TEXT,
    theirs       TEXT,
    found_at     INTEGER NOT NULL,
    asked_at     INTEGER,
    answer       TEXT,
    resolved_at  INTEGER,
    resolved_by  TEXT
) STRICT;

CREATE UNIQUE INDEX bill_differences_number ON bill_differences (app, kind, number, type);
CREATE INDEX bill_differences_day ON bill_differences (app, day);

-- What a day's bill had although the books have it near or beyond that day's midnights: nobody misses it there.
-- `place` is the operation's position, -1 the payment itself.
CREATE TABLE bill_edges (
    order_id INTEGER NOT NULL,
    place    INTEGER NOT NULL,
    day      INTEGER NOT NULL,
    PRIMARY KEY (order_id, place)
) STRICT, WITHOUT ROWID;

-- What ended on a day is looked for by its time. An operation ends once, a payment never touches this.
CREATE INDEX operations_finished ON operations (finished_at) WHERE finished_at IS NOT NULL;
-- Payments are found by their order's id, which holds the time of creation; that of an imported order does not.
CREATE INDEX orders_imported ON orders (paid_at) WHERE imported = 1;
