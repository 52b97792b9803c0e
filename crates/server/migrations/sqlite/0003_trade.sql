-- The general trade system. What only its orders and operations have (items, currency, reasons, the merchant's consent) is
-- one JSON value beside them: orders of guaranteed payment have none, and the ledger alone reads inside.
ALTER TABLE orders ADD COLUMN trade TEXT;

-- A new kind of operation, the report of a fulfilment. A CHECK cannot be changed in place, so the table is made anew; its
-- rows keep their order, which makes this one pass over the file.
CREATE TABLE operations_next (
    order_id          INTEGER NOT NULL,
    position          INTEGER NOT NULL CHECK (position >= 0),
    app               INTEGER NOT NULL,
    kind              TEXT    NOT NULL CHECK (kind IN ('refund', 'settlement', 'return', 'fulfilment')),
    out_no            TEXT    NOT NULL,
    origin            TEXT    NOT NULL CHECK (origin IN ('merchant', 'user', 'customer_service', 'platform')),
    state             TEXT    NOT NULL
        CHECK (state IN ('requested', 'accepted', 'auditing', 'failed', 'succeeded')),
    amount_fen        INTEGER NOT NULL CHECK (amount_fen BETWEEN 0 AND 9999999999999),
    platform_no       TEXT,
    text              TEXT    NOT NULL,
    request_sha256    BLOB    NOT NULL CHECK (length(request_sha256) = 32),
    requested_at      INTEGER NOT NULL,
    finished_at       INTEGER,
    source            TEXT    NOT NULL CHECK (source IN ('unknown', 'in_transit', 'settled')),
    shares            TEXT,
    finish            INTEGER NOT NULL CHECK (finish IN (0, 1)),
    settle_amount_fen INTEGER CHECK (settle_amount_fen >= 0),
    rake_fen          INTEGER CHECK (rake_fen >= 0),
    commission_fen    INTEGER CHECK (commission_fen >= 0),
    basis             TEXT    NOT NULL CHECK (basis IN ('unknown', 'gross', 'net')),
    detail            TEXT,
    failure_code      INTEGER,
    failure_message   TEXT,
    maybe_acted       INTEGER NOT NULL CHECK (maybe_acted IN (0, 1)),
    alarms            INTEGER NOT NULL,
    due_at            INTEGER,
    tries             INTEGER NOT NULL,
    trade             TEXT,
    PRIMARY KEY (order_id, position)
) STRICT, WITHOUT ROWID;

INSERT INTO operations_next
SELECT order_id, position, app, kind, out_no, origin, state, amount_fen, platform_no, text, request_sha256, requested_at,
       finished_at, source, shares, finish, settle_amount_fen, rake_fen, commission_fen, basis, detail, failure_code,
       failure_message, maybe_acted, alarms, due_at, tries, NULL
FROM operations
ORDER BY order_id, position;

DROP TABLE operations;
ALTER TABLE operations_next RENAME TO operations;
CREATE UNIQUE INDEX operations_number ON operations (app, kind, out_no);
