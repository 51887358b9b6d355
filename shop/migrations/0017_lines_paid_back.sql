-- What was paid back for the units of a line: the next ones are worth what is left of it.

ALTER TABLE order_items ADD COLUMN refunded BIGINT NOT NULL DEFAULT 0;
UPDATE order_items SET refunded = COALESCE(
    (SELECT CAST(SUM(i.amount) AS BIGINT) FROM refund_items i JOIN refunds r ON r.id = i.refund_id
     WHERE i.order_item_id = order_items.id AND r.status = 'succeeded'), 0)
WHERE refunded_quantity > 0;
