-- What is for sale. Columns ending in _folded hold text without case and accents, for search.

CREATE TABLE categories (
    id          UUID NOT NULL PRIMARY KEY,
    parent_id   UUID REFERENCES categories (id),
    slug        TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    description TEXT NOT NULL,
    image       TEXT,
    position    BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    updated_at  TIMESTAMPTZ NOT NULL
);

CREATE TABLE products (
    id                  UUID NOT NULL PRIMARY KEY,
    slug                TEXT NOT NULL UNIQUE,
    name                TEXT NOT NULL,
    name_folded         TEXT NOT NULL,
    brand               TEXT,
    summary             TEXT,
    description_html    TEXT NOT NULL,
    status              TEXT NOT NULL CHECK (status IN ('draft', 'active', 'archived')),
    tags                JSONB NOT NULL,
    options             JSONB NOT NULL,
    attributes          JSONB NOT NULL,
    seo_title           TEXT,
    seo_description     TEXT,
    low_stock_threshold BIGINT NOT NULL,
    version             BIGINT NOT NULL,
    created_at          TIMESTAMPTZ NOT NULL,
    updated_at          TIMESTAMPTZ NOT NULL,
    published_at        TIMESTAMPTZ
);
CREATE INDEX products_by_status ON products (status, published_at);

CREATE TABLE images (
    id          UUID NOT NULL PRIMARY KEY,
    product_id  UUID NOT NULL REFERENCES products (id),
    src         TEXT NOT NULL,
    alt         TEXT NOT NULL,
    width       BIGINT,
    height      BIGINT,
    position    BIGINT NOT NULL
);
CREATE INDEX images_by_product ON images (product_id, position);

CREATE TABLE variants (
    id                  UUID NOT NULL PRIMARY KEY,
    product_id          UUID NOT NULL REFERENCES products (id),
    sku                 TEXT,
    barcode             TEXT,
    option_values       JSONB NOT NULL,
    image_id            UUID REFERENCES images (id),
    tracked             BOOLEAN NOT NULL,
    policy              TEXT NOT NULL CHECK (policy IN ('deny', 'continue')),
    requires_shipping   BOOLEAN NOT NULL,
    taxable             BOOLEAN NOT NULL,
    weight_grams        BIGINT,
    position            BIGINT NOT NULL,
    -- A variant that orders point to is archived when it leaves its product, never deleted.
    archived            BOOLEAN NOT NULL,
    version             BIGINT NOT NULL
);
CREATE INDEX variants_by_product ON variants (product_id, position);
CREATE INDEX variants_by_sku ON variants (sku);

CREATE TABLE prices (
    id              UUID NOT NULL PRIMARY KEY,
    variant_id      UUID NOT NULL REFERENCES variants (id),
    price_list_id   UUID NOT NULL REFERENCES price_lists (id),
    currency        TEXT NOT NULL,
    min_quantity    BIGINT NOT NULL CHECK (min_quantity >= 1),
    starts_at       TIMESTAMPTZ NOT NULL,
    ends_at         TIMESTAMPTZ,
    amount          BIGINT NOT NULL CHECK (amount >= 0),
    compare_at      BIGINT CHECK (compare_at >= 0),
    UNIQUE (variant_id, price_list_id, currency, min_quantity, starts_at)
);

CREATE TABLE product_categories (
    product_id  UUID NOT NULL REFERENCES products (id),
    category_id UUID NOT NULL REFERENCES categories (id),
    position    BIGINT NOT NULL,
    PRIMARY KEY (product_id, category_id)
);
CREATE INDEX product_categories_by_category ON product_categories (category_id);

-- Spare parts and goods that go with it. The target is a slug, so that a file may name what it brings later.
CREATE TABLE product_links (
    product_id  UUID NOT NULL REFERENCES products (id),
    kind        TEXT NOT NULL CHECK (kind IN ('part', 'related')),
    target_slug TEXT NOT NULL,
    label       TEXT NOT NULL,
    position    BIGINT NOT NULL,
    PRIMARY KEY (product_id, kind, target_slug)
);
