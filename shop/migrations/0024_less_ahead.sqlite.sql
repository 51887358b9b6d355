-- What nobody reads is not written. An event is known by its place in the log.
CREATE TABLE events_next (
    position    INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    subject_id  UUID NOT NULL,
    version     BIGINT NOT NULL,
    data        JSONB NOT NULL,
    actor       TEXT NOT NULL,
    at          TIMESTAMPTZ NOT NULL
);
INSERT INTO events_next (position, kind, subject, subject_id, version, data, actor, at)
    SELECT position, kind, subject, subject_id, version, data, actor, at FROM events ORDER BY position;
DROP TABLE events;
ALTER TABLE events_next RENAME TO events;
CREATE INDEX events_by_subject ON events (subject_id, version) WHERE subject <> 'variant';

-- Payments no bank has answered yet: what the process died over is found here, without a job written ahead for each.
CREATE INDEX payments_unanswered ON payments (created_at, id) WHERE status = 'pending' AND provider <> 'manual';

-- Rows that are found by their key and lie under it: one tree to write instead of two. Nothing refers to these tables.
CREATE TABLE cart_items_next (
    id          UUID NOT NULL PRIMARY KEY,
    cart_id     UUID NOT NULL REFERENCES carts (id),
    variant_id  UUID NOT NULL REFERENCES variants (id),
    quantity    BIGINT NOT NULL CHECK (quantity BETWEEN 1 AND 999),
    seen_price  BIGINT NOT NULL,
    added_at    TIMESTAMPTZ NOT NULL,
    UNIQUE (cart_id, variant_id)
) WITHOUT ROWID;
INSERT INTO cart_items_next (id, cart_id, variant_id, quantity, seen_price, added_at)
    SELECT id, cart_id, variant_id, quantity, seen_price, added_at FROM cart_items ORDER BY id;
DROP TABLE cart_items;
ALTER TABLE cart_items_next RENAME TO cart_items;

CREATE TABLE reservations_next (
    checkout_id UUID NOT NULL REFERENCES checkouts (id),
    variant_id  UUID NOT NULL,
    location_id UUID NOT NULL,
    quantity    BIGINT NOT NULL CHECK (quantity > 0),
    status      TEXT NOT NULL CHECK (status IN ('active', 'sold', 'released')),
    PRIMARY KEY (checkout_id, variant_id, location_id),
    FOREIGN KEY (variant_id, location_id) REFERENCES stock (variant_id, location_id)
) WITHOUT ROWID;
INSERT INTO reservations_next (checkout_id, variant_id, location_id, quantity, status)
    SELECT checkout_id, variant_id, location_id, quantity, status FROM reservations
    ORDER BY checkout_id, variant_id, location_id;
DROP TABLE reservations;
ALTER TABLE reservations_next RENAME TO reservations;
CREATE INDEX reservations_held ON reservations (variant_id, location_id) WHERE status = 'active';

CREATE TABLE jobs_next (
    id          UUID NOT NULL PRIMARY KEY,
    kind        TEXT NOT NULL,
    payload     JSONB NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('waiting', 'running', 'done', 'dead')),
    run_at      TIMESTAMPTZ NOT NULL,
    lease_until TIMESTAMPTZ NOT NULL,
    attempts    BIGINT NOT NULL,
    last_error  TEXT,
    created_at  TIMESTAMPTZ NOT NULL,
    lane        TEXT NOT NULL DEFAULT 'prompt'
) WITHOUT ROWID;
INSERT INTO jobs_next (id, kind, payload, status, run_at, lease_until, attempts, last_error, created_at, lane)
    SELECT id, kind, payload, status, run_at, lease_until, attempts, last_error, created_at, lane FROM jobs ORDER BY id;
DROP TABLE jobs;
ALTER TABLE jobs_next RENAME TO jobs;
CREATE INDEX jobs_ended ON jobs (status, run_at) WHERE status IN ('done', 'dead');
CREATE INDEX jobs_of_lane ON jobs (lane, run_at, id) WHERE status IN ('waiting', 'running');

-- What a checkout froze is written once and read by its key. How far it has come is written with every step, and would
-- take the whole of it along each time.
CREATE TABLE frozen_checkouts (
    checkout_id UUID NOT NULL PRIMARY KEY REFERENCES checkouts (id),
    body        JSONB NOT NULL
);
INSERT INTO frozen_checkouts (checkout_id, body) SELECT id, body FROM checkouts ORDER BY id;
ALTER TABLE checkouts DROP COLUMN body;
