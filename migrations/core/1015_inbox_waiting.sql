-- Messages that came before their order was known wait here, and are read again until it is.
CREATE INDEX inbox_waiting ON app.inbox (received_at, source, message_id) WHERE outcome = 'waits';
GRANT UPDATE (outcome) ON app.inbox TO lobster_worker;
