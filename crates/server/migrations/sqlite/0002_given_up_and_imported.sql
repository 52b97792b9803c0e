-- What happens when an order turns out to be paid, and whether it was opened elsewhere. Both with a default: books from
-- before have neither, and a program from before would not read them.
ALTER TABLE orders ADD COLUMN if_paid TEXT NOT NULL DEFAULT 'keep' CHECK (if_paid IN ('keep', 'refund_late', 'refund'));
ALTER TABLE orders ADD COLUMN imported INTEGER NOT NULL DEFAULT 0 CHECK (imported IN (0, 1));
