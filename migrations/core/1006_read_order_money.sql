-- What an order's row says of refunds, disputes, mail and link. The projector's new version fills the rows again from the log.
-- status is one of: pending awaiting expired paid held delivered failed cancelled refunded.
-- mail_state is one of: sent deferred failed delivered unsubscribed complained bounced.
ALTER TABLE read.order_summary
  ADD COLUMN payment         text,                        -- the payment that pays the order, or is held for it
  ADD COLUMN paid_cents      bigint NOT NULL DEFAULT 0,
  ADD COLUMN refunded_cents  bigint NOT NULL DEFAULT 0,   -- of that payment, failed refunds left out
  ADD COLUMN disputed        text,                        -- open, lost
  ADD COLUMN link_issued_at  timestamptz,
  ADD COLUMN link_expires_at timestamptz,
  ADD COLUMN ledger          jsonb NOT NULL DEFAULT '{}'; -- what the money columns are computed from
