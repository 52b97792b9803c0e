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
    -- Rows and sums per kind, and whose bill it was if not everybody's, as JSON.
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
    -- Whose bill it is of, if that is known: another merchant's bill does not resolve it.
    merchant_uid TEXT,
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
CREATE INDEX bill_differences_open ON bill_differences (app) WHERE resolved_at IS NULL;
CREATE INDEX bill_differences_resolved ON bill_differences (resolved_at) WHERE resolved_at IS NOT NULL;

-- What a day's bill had although the books have it near or beyond that day's midnights: nobody misses it there.
-- `place` is the operation's position, -1 the payment itself.
CREATE TABLE bill_edges (
    order_id INTEGER NOT NULL,
    place    INTEGER NOT NULL,
    day      INTEGER NOT NULL,
    PRIMARY KEY (order_id, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX bill_edges_day ON bill_edges (day);

-- What ended on a day is looked for by its time. An operation ends once, a payment never touches this.
CREATE INDEX operations_finished ON operations (finished_at) WHERE finished_at IS NOT NULL;
-- The same of what the platform told no time of: nearly always empty.
CREATE INDEX operations_untold ON operations (order_id, position)
    WHERE state = 'succeeded' AND finished_at IS NULL AND kind <> 'fulfilment';
-- Payments are found by their order's id, which holds the time of creation. These are the ones that it does not lead to:
-- imported orders, and those paid before they were created (by another clock) or more than 48 hours later.
CREATE INDEX orders_paid_oddly ON orders (paid_at)
    WHERE imported = 1 OR paid_at NOT BETWEEN created_at - 1800000 AND created_at + 172800000;
CREATE INDEX orders_paid_untold ON orders (state) WHERE state = 'paid' AND paid_at IS NULL;
