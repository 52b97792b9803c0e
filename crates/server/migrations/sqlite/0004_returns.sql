-- Guaranteed payment, complete. Returns and order pushes are kinds of operations that the table knows already; what only
-- guaranteed payment has of an operation (the settlement of which a share comes back, the state that a push tells) is one JSON
-- value, as is what an order was agreed to do by itself, and what the platform last said is left of it to settle. Most rows have
-- none of them, and an absent column at the end of a row takes no room, so nothing is written anew.
ALTER TABLE orders ADD COLUMN plan TEXT;
ALTER TABLE orders ADD COLUMN platform_settleable TEXT;
ALTER TABLE operations ADD COLUMN ecpay TEXT;
