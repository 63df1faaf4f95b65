-- What the customer was told before the payment: a whole study, one without some pages, or one of the intercommunality.
-- The projector's new version fills the rows again from the log.
ALTER TABLE read.order_summary
  ADD COLUMN eligibility   text,                        -- full reduced epci_scope; null until the rows are filled again
  ADD COLUMN dropped_pages jsonb NOT NULL DEFAULT '[]'; -- page, title, reason
