-- What staff write down about an order, for themselves.

CREATE TABLE order_notes (
    id          UUID NOT NULL PRIMARY KEY,
    order_id    UUID NOT NULL REFERENCES orders (id),
    text        TEXT NOT NULL,
    actor       TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX order_notes_by_order ON order_notes (order_id, created_at);

-- The sandbox bank's own books, as before.
CREATE TABLE sandbox_refunds (
    id          UUID NOT NULL PRIMARY KEY,
    payment_id  UUID NOT NULL,
    currency    TEXT NOT NULL,
    amount      BIGINT NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('succeeded', 'refused')),
    created_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX sandbox_refunds_by_payment ON sandbox_refunds (payment_id, status);
