-- Stock per variant and place. Every change of on_hand is a movement; reserved is the sum of active reservations.

CREATE TABLE stock (
    variant_id  UUID NOT NULL REFERENCES variants (id),
    location_id UUID NOT NULL REFERENCES locations (id),
    on_hand     BIGINT NOT NULL,
    reserved    BIGINT NOT NULL CHECK (reserved >= 0),
    PRIMARY KEY (variant_id, location_id)
);

CREATE TABLE stock_movements (
    id          UUID NOT NULL PRIMARY KEY,
    variant_id  UUID NOT NULL,
    location_id UUID NOT NULL,
    kind        TEXT NOT NULL,
    delta       BIGINT NOT NULL,
    -- What caused it: an order, an import, a person's note.
    reference   TEXT NOT NULL,
    actor       TEXT NOT NULL,
    at          TIMESTAMPTZ NOT NULL,
    FOREIGN KEY (variant_id, location_id) REFERENCES stock (variant_id, location_id)
);
CREATE INDEX stock_movements_by_variant ON stock_movements (variant_id, location_id, at);
