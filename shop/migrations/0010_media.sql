-- Pictures that staff brought, and what a list of products is searched and sorted by.

-- The point of a picture that stays in sight, in hundredths from the upper left.
ALTER TABLE images ADD COLUMN focal_x BIGINT;
ALTER TABLE images ADD COLUMN focal_y BIGINT;
CREATE INDEX images_by_src ON images (src);

CREATE TABLE media (
    name        TEXT NOT NULL PRIMARY KEY,
    width       BIGINT NOT NULL,
    height      BIGINT NOT NULL,
    bytes       BIGINT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    -- When its smaller widths were made.
    made_at     TIMESTAMPTZ
);

-- One short row a product: the products' own rows are long with their descriptions.
CREATE TABLE product_lines (
    product_id  UUID NOT NULL PRIMARY KEY REFERENCES products (id),
    status      TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    -- Name, slug, brand, tags, SKUs and barcodes, folded.
    search      TEXT NOT NULL,
    price_min   BIGINT NOT NULL,
    price_max   BIGINT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    updated_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX product_lines_by_update ON product_lines (updated_at, product_id);
CREATE INDEX product_lines_by_name ON product_lines (name_folded, product_id);
