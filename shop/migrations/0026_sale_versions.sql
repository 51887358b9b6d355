-- How often what grows from a cart was changed: its lines, its checkouts, their payments and what they hold. Whoever
-- changes any of it counts on here, so that a node which remembers a sale finds out that it remembers an older one.
ALTER TABLE carts ADD COLUMN sale_version BIGINT NOT NULL DEFAULT 0;
