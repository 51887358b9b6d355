-- What the inventory is listed, searched and narrowed by: products by name, their variants, and stock by what is free.

CREATE INDEX products_by_name ON products (name_folded, id, status, low_stock_threshold);
CREATE INDEX products_by_threshold ON products (low_stock_threshold);
CREATE INDEX variants_of_products ON variants (product_id, archived, position, id, sku);
CREATE INDEX stock_by_available ON stock ((on_hand - reserved), variant_id);
