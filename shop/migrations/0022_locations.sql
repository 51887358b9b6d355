-- Whether the shop sells what lies in a place. The list of places, their names and order are a setting of the shop; its
-- rows follow it here, for stock points to them.
ALTER TABLE locations ADD COLUMN sells BOOLEAN NOT NULL DEFAULT true;

-- What of an order has gone back on which shelf, without reading every sale of a variant.
CREATE INDEX stock_movements_back ON stock_movements (reference, variant_id, location_id)
    WHERE kind IN ('return', 'cancel');
