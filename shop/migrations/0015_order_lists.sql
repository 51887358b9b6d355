-- What the lists of orders and customers are searched and sorted by.

ALTER TABLE orders ADD COLUMN customer_folded TEXT NOT NULL DEFAULT '';
-- Number, names, e-mail address, SKUs and products of the order, folded.
ALTER TABLE orders ADD COLUMN search_folded TEXT NOT NULL DEFAULT '';

-- Everything that the list filters and sorts by, so that it is answered without looking into the orders themselves.
CREATE INDEX orders_by_list ON orders
    (placed_at, id, status, payment_status, fulfillment_status, total, number, email_canonical, customer_folded,
     search_folded);
-- Counted for the tabs of the list.
CREATE INDEX orders_by_state ON orders (status, payment_status, fulfillment_status);
DROP INDEX orders_by_time;

-- What a person has to look at: hardly any rows.
CREATE INDEX payments_under_review ON payments (id) WHERE status = 'needs_review';
CREATE INDEX checkouts_under_review ON checkouts (id) WHERE status = 'needs_review';

-- A projection: whoever has ordered, and what their orders come to. The e-mail address is all that they are known by.
CREATE TABLE customers (
    id              UUID NOT NULL PRIMARY KEY,
    email_canonical TEXT NOT NULL UNIQUE,
    -- As the latest order has them.
    email           TEXT NOT NULL,
    name            TEXT NOT NULL,
    name_folded     TEXT NOT NULL,
    search_folded   TEXT NOT NULL,
    orders          BIGINT NOT NULL CHECK (orders >= 1),
    -- What came in less what went back, in the currency of the first order.
    currency        TEXT NOT NULL,
    spent           BIGINT NOT NULL,
    first_order_at  TIMESTAMPTZ NOT NULL,
    last_order_at   TIMESTAMPTZ NOT NULL
);
