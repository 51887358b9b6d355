-- What nobody reads is not written. An event is known by its place in the log.
ALTER TABLE events DROP COLUMN id;

-- Payments no bank has answered yet: what the process died over is found here, without a job written ahead for each.
CREATE INDEX payments_unanswered ON payments (created_at, id) WHERE status = 'pending' AND provider <> 'manual';

-- What a checkout froze is written once and read by its key. How far it has come is written with every step, and would
-- take the whole of it along each time.
CREATE TABLE frozen_checkouts (
    checkout_id UUID NOT NULL PRIMARY KEY REFERENCES checkouts (id),
    body        JSONB NOT NULL
);
INSERT INTO frozen_checkouts (checkout_id, body) SELECT id, body FROM checkouts ORDER BY id;
ALTER TABLE checkouts DROP COLUMN body;
