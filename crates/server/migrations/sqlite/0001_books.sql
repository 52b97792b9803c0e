-- The books: orders with their operations, the facts that explain them, what came in and what goes out.
-- Money is in fen, times are Unix milliseconds. `facts` is the truth; `orders` and `operations` are its sum.

-- Short numbers for apps keep the wide tables and their indexes narrow.
CREATE TABLE apps (
    n      INTEGER PRIMARY KEY,
    app_id TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE orders (
    id                INTEGER PRIMARY KEY,
    app               INTEGER NOT NULL,
    out_order_no      TEXT    NOT NULL,
    system            TEXT    NOT NULL,
    state             TEXT    NOT NULL,
    total             INTEGER NOT NULL CHECK (total > 0),
    discount          INTEGER NOT NULL CHECK (discount >= 0 AND discount <= total),
    created_at        INTEGER NOT NULL,
    expires_at        INTEGER NOT NULL,
    platform_order_id TEXT,
    order_token       TEXT,
    open_id           TEXT,
    metadata          TEXT,
    cp_extra          TEXT,
    paid_at           INTEGER,
    way               INTEGER,
    channel_no        TEXT,
    payment_order_no  TEXT,
    seller_uid        TEXT,
    failure_code      INTEGER,
    failure_message   TEXT,
    maybe_acted       INTEGER NOT NULL,
    request_sha256    BLOB    NOT NULL CHECK (length(request_sha256) = 32),
    alarms            INTEGER NOT NULL,
    seq               INTEGER NOT NULL CHECK (seq >= 1),
    events            INTEGER NOT NULL CHECK (events >= 0),
    due_at            INTEGER,
    tries             INTEGER NOT NULL,
    -- The earliest due time of the order and its operations; null when nothing is awaited.
    next_due          INTEGER,
    leased_until      INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE UNIQUE INDEX orders_number ON orders (app, out_order_no);
CREATE INDEX orders_due ON orders (next_due) WHERE next_due IS NOT NULL;
CREATE INDEX orders_platform ON orders (platform_order_id) WHERE platform_order_id IS NOT NULL;

CREATE TABLE operations (
    order_id        INTEGER NOT NULL,
    position        INTEGER NOT NULL,
    app             INTEGER NOT NULL,
    kind            TEXT    NOT NULL,
    out_no          TEXT    NOT NULL,
    origin          TEXT    NOT NULL,
    state           TEXT    NOT NULL,
    amount          INTEGER NOT NULL CHECK (amount >= 0),
    platform_no     TEXT,
    text            TEXT    NOT NULL,
    request_sha256  BLOB    NOT NULL CHECK (length(request_sha256) = 32),
    requested_at    INTEGER NOT NULL,
    finished_at     INTEGER,
    source          TEXT    NOT NULL,
    shares          TEXT,
    finish          INTEGER NOT NULL,
    settle_amount   INTEGER CHECK (settle_amount >= 0),
    rake            INTEGER CHECK (rake >= 0),
    commission      INTEGER CHECK (commission >= 0),
    basis           TEXT    NOT NULL,
    detail          TEXT,
    failure_code    INTEGER,
    failure_message TEXT,
    maybe_acted     INTEGER NOT NULL,
    alarms          INTEGER NOT NULL,
    due_at          INTEGER,
    tries           INTEGER NOT NULL,
    PRIMARY KEY (order_id, position)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX operations_number ON operations (app, kind, out_no);

-- Append only. A conflict on its key is a bug: the writer stops the batch.
CREATE TABLE facts (
    order_id INTEGER NOT NULL,
    seq      INTEGER NOT NULL,
    data     TEXT    NOT NULL,
    callback INTEGER,
    PRIMARY KEY (order_id, seq)
) STRICT, WITHOUT ROWID;

-- Raw verified callbacks with what was decided about them.
CREATE TABLE callbacks (
    id          INTEGER PRIMARY KEY,
    app         INTEGER NOT NULL,
    kind        TEXT    NOT NULL,
    number      TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    body        BLOB    NOT NULL,
    verdict     TEXT    NOT NULL,
    order_id    INTEGER,
    repeats     INTEGER NOT NULL DEFAULT 0,
    last_at     INTEGER
) STRICT;

CREATE INDEX callbacks_stranded ON callbacks (app, kind, number) WHERE verdict = 'unknown_number';
-- Changing callbacks are found through their fact; only the others need an index of their own.
CREATE INDEX callbacks_refused ON callbacks (order_id, kind, verdict) WHERE order_id IS NOT NULL AND verdict <> 'changed';

-- The outbox. `feed_no` is given by the one writer inside the transaction, so a reader never skips.
CREATE TABLE events (
    feed_no      INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id     INTEGER NOT NULL,
    n            INTEGER NOT NULL,
    app          INTEGER NOT NULL,
    kind         TEXT    NOT NULL,
    body         TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('pending', 'delivered', 'dead', 'silent')),
    due_at       INTEGER,
    leased_until INTEGER NOT NULL DEFAULT 0,
    attempts     INTEGER NOT NULL DEFAULT 0,
    last_at      INTEGER,
    last_status  INTEGER,
    last_problem TEXT,
    CHECK ((state = 'pending') = (due_at IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX events_number ON events (order_id, n);
CREATE INDEX events_due ON events (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE exceptions (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT    NOT NULL,
    subject     TEXT    NOT NULL,
    order_id    INTEGER,
    detail      TEXT    NOT NULL,
    opened_at   INTEGER NOT NULL,
    repeats     INTEGER NOT NULL DEFAULT 0,
    resolved_at INTEGER,
    resolved_by TEXT,
    note        TEXT
) STRICT;

CREATE UNIQUE INDEX exceptions_open ON exceptions (kind, subject) WHERE resolved_at IS NULL;

-- Calls to the platform, without bodies.
CREATE TABLE api_log (
    id          INTEGER PRIMARY KEY,
    app         INTEGER NOT NULL,
    order_id    INTEGER,
    endpoint    TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    millis      INTEGER NOT NULL,
    outcome     TEXT    NOT NULL,
    err_no      INTEGER,
    http_status INTEGER,
    log_id      TEXT,
    attempt     INTEGER NOT NULL
) STRICT;

CREATE INDEX api_log_order ON api_log (order_id) WHERE order_id IS NOT NULL;

-- The last deliveries that could not be verified: a ring per app.
CREATE TABLE unverified (
    app    TEXT    NOT NULL,
    slot   INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    reason TEXT    NOT NULL,
    body   BLOB    NOT NULL,
    PRIMARY KEY (app, slot)
) STRICT, WITHOUT ROWID;
