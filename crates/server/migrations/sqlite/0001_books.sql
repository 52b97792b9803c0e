-- The books: orders with their operations, the facts that explain them, what came in and what goes out.
-- Money is in fen, times are Unix milliseconds. `facts` is the truth; `orders` and `operations` are its sum.
-- Words instead of numbers for states: these tables are read by people at night.

-- Short numbers for apps keep the wide tables and their indexes narrow.
CREATE TABLE apps (
    n      INTEGER PRIMARY KEY,
    app_id TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE orders (
    id                INTEGER PRIMARY KEY CHECK (id >= 0),
    app               INTEGER NOT NULL,
    out_order_no      TEXT    NOT NULL,
    system            TEXT    NOT NULL CHECK (system IN ('ecpay', 'trade')),
    state             TEXT    NOT NULL CHECK (state IN ('opening', 'waiting', 'refused', 'closed', 'paid')),
    total_fen         INTEGER NOT NULL CHECK (total_fen BETWEEN 1 AND 9999999999999),
    discount_fen      INTEGER NOT NULL CHECK (discount_fen BETWEEN 0 AND total_fen),
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
    maybe_acted       INTEGER NOT NULL CHECK (maybe_acted IN (0, 1)),
    request_sha256    BLOB    NOT NULL CHECK (length(request_sha256) = 32),
    alarms            INTEGER NOT NULL,
    seq               INTEGER NOT NULL CHECK (seq >= 1),
    events            INTEGER NOT NULL CHECK (events >= 0),
    operations        INTEGER NOT NULL CHECK (operations >= 0),
    due_at            INTEGER,
    tries             INTEGER NOT NULL,
    -- When to look next: the earliest due time of the order and its operations, or the end of a lease.
    next_due          INTEGER
) STRICT;

CREATE UNIQUE INDEX orders_number ON orders (app, out_order_no);
CREATE INDEX orders_due ON orders (next_due) WHERE next_due IS NOT NULL;
CREATE INDEX orders_platform ON orders (platform_order_id) WHERE platform_order_id IS NOT NULL;

CREATE TABLE operations (
    order_id          INTEGER NOT NULL,
    position          INTEGER NOT NULL CHECK (position >= 0),
    app               INTEGER NOT NULL,
    kind              TEXT    NOT NULL CHECK (kind IN ('refund', 'settlement', 'return')),
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
    PRIMARY KEY (order_id, position)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX operations_number ON operations (app, kind, out_no);

-- Append only; the rowid keeps new rows together at the end. A conflict on (order_id, seq) is a bug of ours.
CREATE TABLE facts (
    order_id INTEGER NOT NULL,
    seq      INTEGER NOT NULL CHECK (seq >= 1),
    at       INTEGER NOT NULL,
    source   TEXT    NOT NULL CHECK (source IN ('merchant', 'answer', 'callback', 'query', 'operator')),
    what     TEXT    NOT NULL,
    callback INTEGER
) STRICT;

CREATE UNIQUE INDEX facts_number ON facts (order_id, seq);

-- Raw verified callbacks with what was decided about them. The id is made at arrival and sorts by time.
-- `body` is packed: known phrases of JSON are single bytes.
CREATE TABLE callbacks (
    id          INTEGER PRIMARY KEY,
    app         INTEGER NOT NULL,
    kind        TEXT    NOT NULL,
    number      TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    verdict     TEXT    NOT NULL,
    order_id    INTEGER,
    repeats     INTEGER NOT NULL DEFAULT 0 CHECK (repeats >= 0),
    body        BLOB    NOT NULL
) STRICT;

-- Callbacks that changed something are found through their fact; only the others need an index of their own.
CREATE INDEX callbacks_refused ON callbacks (order_id) WHERE order_id IS NOT NULL AND verdict <> 'changed';

-- What callbacks about unknown numbers wait for. Nearly always empty.
CREATE TABLE stranded (
    app      INTEGER NOT NULL,
    about    TEXT    NOT NULL,
    callback INTEGER NOT NULL,
    PRIMARY KEY (app, about, callback)
) STRICT, WITHOUT ROWID;

CREATE INDEX stranded_callback ON stranded (callback);

-- The outbox. `feed_no` is given by the one writer inside the transaction, so a reader never skips.
-- Of the pending events of an order only the first has a due time; it is also the end of a lease.
CREATE TABLE events (
    feed_no      INTEGER PRIMARY KEY,
    order_id     INTEGER NOT NULL,
    n            INTEGER NOT NULL CHECK (n >= 1),
    app          INTEGER NOT NULL,
    kind         TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('pending', 'delivered', 'dead', 'silent')),
    due_at       INTEGER CHECK (due_at IS NULL OR state = 'pending'),
    attempts     INTEGER NOT NULL DEFAULT 0,
    last_at      INTEGER,
    last_status  INTEGER,
    last_problem TEXT,
    body         BLOB    NOT NULL
) STRICT;

CREATE UNIQUE INDEX events_number ON events (order_id, n);
CREATE INDEX events_due ON events (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE exceptions (
    id          INTEGER PRIMARY KEY,
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

-- The last deliveries that could not be verified, per app.
CREATE TABLE unverified (
    id     INTEGER PRIMARY KEY,
    app    TEXT    NOT NULL,
    at     INTEGER NOT NULL,
    reason TEXT    NOT NULL,
    body   BLOB    NOT NULL
) STRICT;

CREATE INDEX unverified_app ON unverified (app);
