-- Which order a payment of the vendor belongs to, and what of it went back: notices of refunds and disputes name only the payment.
CREATE TABLE read.order_payment (
  payment    text PRIMARY KEY,
  order_id   uuid NOT NULL,
  session    text NOT NULL,
  paid_cents bigint NOT NULL,
  currency   text NOT NULL,
  position   bigint NOT NULL
);
CREATE INDEX order_payment_order ON read.order_payment (order_id);
CREATE TABLE read.order_refund (
  refund       text PRIMARY KEY,   -- the vendor's id
  payment      text NOT NULL,
  order_id     uuid NOT NULL,
  amount_cents bigint NOT NULL,
  failed       boolean NOT NULL,
  position     bigint NOT NULL
);
CREATE INDEX order_refund_payment ON read.order_refund (payment);
