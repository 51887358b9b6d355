-- From the cart to the order.

CREATE TABLE coupons (
    id                  UUID NOT NULL PRIMARY KEY,
    code                TEXT NOT NULL UNIQUE,
    terms               JSONB NOT NULL,
    total_limit         BIGINT,
    per_customer_limit  BIGINT,
    -- Uses that are reserved by an open checkout or consumed by an order.
    used                BIGINT NOT NULL CHECK (used >= 0),
    version             BIGINT NOT NULL,
    created_at          TIMESTAMPTZ NOT NULL
);

CREATE TABLE carts (
    id          UUID NOT NULL PRIMARY KEY,
    version     BIGINT NOT NULL,
    currency    TEXT NOT NULL,
    coupons     JSONB NOT NULL,
    checkout_id UUID,
    order_id    UUID,
    created_at  TIMESTAMPTZ NOT NULL,
    updated_at  TIMESTAMPTZ NOT NULL
);

CREATE TABLE cart_items (
    id          UUID NOT NULL PRIMARY KEY,
    cart_id     UUID NOT NULL REFERENCES carts (id),
    variant_id  UUID NOT NULL REFERENCES variants (id),
    quantity    BIGINT NOT NULL CHECK (quantity BETWEEN 1 AND 999),
    -- The price the buyer last saw, so that a change is told, never silent.
    seen_price  BIGINT NOT NULL,
    added_at    TIMESTAMPTZ NOT NULL,
    UNIQUE (cart_id, variant_id)
);

CREATE TABLE checkouts (
    id                  UUID NOT NULL PRIMARY KEY,
    cart_id             UUID NOT NULL REFERENCES carts (id),
    version             BIGINT NOT NULL,
    status              TEXT NOT NULL
        CHECK (status IN ('open', 'processing', 'completed', 'expired', 'canceled', 'needs_review')),
    -- The whole frozen checkout: address, items and quote.
    body                JSONB NOT NULL,
    currency            TEXT NOT NULL,
    total               BIGINT NOT NULL,
    expires_at          TIMESTAMPTZ NOT NULL,
    payment_id          UUID,
    order_id            UUID,
    created_at          TIMESTAMPTZ NOT NULL,
    updated_at          TIMESTAMPTZ NOT NULL
);
CREATE INDEX checkouts_by_cart ON checkouts (cart_id);

CREATE TABLE reservations (
    checkout_id UUID NOT NULL REFERENCES checkouts (id),
    variant_id  UUID NOT NULL,
    location_id UUID NOT NULL,
    quantity    BIGINT NOT NULL CHECK (quantity > 0),
    status      TEXT NOT NULL CHECK (status IN ('active', 'sold', 'released')),
    PRIMARY KEY (checkout_id, variant_id, location_id),
    FOREIGN KEY (variant_id, location_id) REFERENCES stock (variant_id, location_id)
);
CREATE INDEX reservations_by_variant ON reservations (variant_id, location_id, status);

CREATE TABLE coupon_uses (
    coupon_id   UUID NOT NULL REFERENCES coupons (id),
    checkout_id UUID NOT NULL REFERENCES checkouts (id),
    -- A digest of the canonical e-mail address: enough to count, nothing to read.
    customer    TEXT NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('active', 'consumed', 'released')),
    PRIMARY KEY (coupon_id, checkout_id)
);
CREATE INDEX coupon_uses_by_customer ON coupon_uses (coupon_id, customer, status);

CREATE TABLE payments (
    id              UUID NOT NULL PRIMARY KEY,
    checkout_id     UUID NOT NULL REFERENCES checkouts (id),
    -- Allocated before the provider is asked, so that an outcome can only ever make one order.
    order_id        UUID NOT NULL,
    checkout_version BIGINT NOT NULL,
    provider        TEXT NOT NULL,
    -- The provider's own name for it; our id until it has told us.
    reference       TEXT NOT NULL,
    status          TEXT NOT NULL,
    -- The state with all that is true in it; status is its name.
    state           JSONB NOT NULL,
    currency        TEXT NOT NULL,
    amount          BIGINT NOT NULL CHECK (amount >= 0),
    captured        BIGINT NOT NULL CHECK (captured >= 0),
    refunded        BIGINT NOT NULL CHECK (refunded >= 0),
    version         BIGINT NOT NULL,
    created_at      TIMESTAMPTZ NOT NULL,
    updated_at      TIMESTAMPTZ NOT NULL,
    UNIQUE (provider, reference),
    CHECK (refunded <= captured)
);
CREATE INDEX payments_by_checkout ON payments (checkout_id);
CREATE INDEX payments_by_order ON payments (order_id);

CREATE TABLE orders (
    id                  UUID NOT NULL PRIMARY KEY,
    number              TEXT NOT NULL UNIQUE,
    checkout_id         UUID NOT NULL UNIQUE REFERENCES checkouts (id),
    cart_id             UUID NOT NULL UNIQUE REFERENCES carts (id),
    payment_id          UUID NOT NULL UNIQUE REFERENCES payments (id),
    status              TEXT NOT NULL CHECK (status IN ('open', 'completed', 'canceled')),
    payment_status      TEXT NOT NULL,
    fulfillment_status  TEXT NOT NULL,
    email               TEXT NOT NULL,
    email_canonical     TEXT NOT NULL,
    currency            TEXT NOT NULL,
    subtotal            BIGINT NOT NULL,
    discount            BIGINT NOT NULL,
    shipping            BIGINT NOT NULL,
    tax                 BIGINT NOT NULL,
    tax_included        BOOLEAN NOT NULL,
    total               BIGINT NOT NULL CHECK (total >= 0),
    -- The rest of the frozen copy: addresses, discount lines, shipping line, explanation, terms accepted.
    body                JSONB NOT NULL,
    version             BIGINT NOT NULL,
    placed_at           TIMESTAMPTZ NOT NULL,
    updated_at          TIMESTAMPTZ NOT NULL
);
CREATE INDEX orders_by_email ON orders (email_canonical, placed_at);
CREATE INDEX orders_by_time ON orders (placed_at);

CREATE TABLE order_items (
    id                  UUID NOT NULL PRIMARY KEY,
    order_id            UUID NOT NULL REFERENCES orders (id),
    position            BIGINT NOT NULL,
    variant_id          UUID NOT NULL REFERENCES variants (id),
    product_id          UUID NOT NULL REFERENCES products (id),
    product_slug        TEXT NOT NULL,
    name                TEXT NOT NULL,
    variant_title       TEXT,
    sku                 TEXT,
    image               TEXT,
    requires_shipping   BOOLEAN NOT NULL,
    quantity            BIGINT NOT NULL CHECK (quantity > 0),
    unit_price          BIGINT NOT NULL CHECK (unit_price >= 0),
    discount            BIGINT NOT NULL CHECK (discount >= 0),
    -- Millionths: 210000 is 21 %.
    tax_rate_ppm        BIGINT NOT NULL,
    tax                 BIGINT NOT NULL,
    total               BIGINT NOT NULL,
    fulfilled           BIGINT NOT NULL,
    delivered           BIGINT NOT NULL,
    returned            BIGINT NOT NULL,
    refunded_quantity   BIGINT NOT NULL
);
CREATE INDEX order_items_by_order ON order_items (order_id, position);

CREATE TABLE refunds (
    id          UUID NOT NULL PRIMARY KEY,
    -- None for a payment under review that never became an order.
    order_id    UUID REFERENCES orders (id),
    payment_id  UUID NOT NULL REFERENCES payments (id),
    status      TEXT NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed')),
    currency    TEXT NOT NULL,
    amount      BIGINT NOT NULL CHECK (amount > 0),
    reason      TEXT NOT NULL,
    -- Whether its units go back on the shelf when it succeeds, and whether the buyer is written to then.
    restock     BOOLEAN NOT NULL,
    notify      BOOLEAN NOT NULL,
    actor       TEXT NOT NULL,
    -- Why the provider refused.
    failure     TEXT,
    created_at  TIMESTAMPTZ NOT NULL,
    settled_at  TIMESTAMPTZ
);
CREATE INDEX refunds_by_order ON refunds (order_id);
CREATE INDEX refunds_by_payment ON refunds (payment_id);

CREATE TABLE refund_items (
    refund_id       UUID NOT NULL REFERENCES refunds (id),
    order_item_id   UUID NOT NULL REFERENCES order_items (id),
    quantity        BIGINT NOT NULL CHECK (quantity > 0),
    amount          BIGINT NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (refund_id, order_item_id)
);
CREATE INDEX refund_items_by_item ON refund_items (order_item_id);

CREATE TABLE fulfillments (
    id              UUID NOT NULL PRIMARY KEY,
    order_id        UUID NOT NULL REFERENCES orders (id),
    carrier         TEXT,
    tracking_number TEXT,
    actor           TEXT NOT NULL,
    created_at      TIMESTAMPTZ NOT NULL
);
CREATE INDEX fulfillments_by_order ON fulfillments (order_id);

CREATE TABLE fulfillment_items (
    fulfillment_id  UUID NOT NULL REFERENCES fulfillments (id),
    order_item_id   UUID NOT NULL REFERENCES order_items (id),
    quantity        BIGINT NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (fulfillment_id, order_item_id)
);
CREATE INDEX fulfillment_items_by_item ON fulfillment_items (order_item_id);

CREATE TABLE cancellations (
    order_id    UUID NOT NULL PRIMARY KEY REFERENCES orders (id),
    reason      TEXT NOT NULL,
    restock     BOOLEAN NOT NULL,
    actor       TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL
);
