-- What home sums up, each out of an index alone.

CREATE INDEX orders_by_day ON orders (placed_at, status, currency, total, id);
CREATE INDEX order_items_sums ON order_items (order_id, product_id, quantity, total);
CREATE INDEX carts_by_day ON carts (created_at, order_id);
CREATE INDEX refunds_by_day ON refunds (created_at, status, order_id, amount);

-- What /metrics counts.
CREATE INDEX payments_by_provider ON payments (provider, status);
CREATE INDEX checkouts_by_status ON checkouts (status, expires_at, id);
