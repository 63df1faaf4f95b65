//! A transaction that is given up while it begins leaves nothing behind in the pool.

use infra::pools::{self, Role};
use sqlx::Row as _;

/// How many times a caller may be looked after before it is cut off; enough to reach the answer of `BEGIN`.
const TURNS: usize = 60;

#[tokio::test]
async fn whoever_is_cut_off_while_beginning_leaves_no_open_transaction() {
    let db = test_support::database().await;
    let pool = pools::connect(&db.url, Role::Api, 1).await.unwrap();
    for turns in 0..TURNS {
        tokio::select! {
            biased;
            begun = pools::begin(&pool) => drop(begun.unwrap()),
            () = after(turns) => {}
        }
        // In a transaction that somebody left open, the statement is younger than its transaction.
        let row =
            sqlx::raw_sql("SELECT statement_timestamp() = transaction_timestamp()").fetch_one(&pool).await.unwrap();
        let alone: bool = row.get(0);
        assert!(alone, "cut off after {turns} turns, the next user works in a transaction that nobody will commit");
    }
}

async fn after(turns: usize) {
    for _ in 0..turns {
        tokio::task::yield_now().await;
    }
}
