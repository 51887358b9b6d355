-- What was looked at, counted by day for those who agreed: a product by itself (beside itself) and two of one visit (the
-- smaller id first). Nobody is in it.
CREATE TABLE product_views (
    day TEXT NOT NULL,
    product_id UUID NOT NULL,
    beside_id UUID NOT NULL,
    views BIGINT NOT NULL,
    PRIMARY KEY (day, product_id, beside_id)
);
