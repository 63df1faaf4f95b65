//! Personal data in PostgreSQL: who ordered, and what they agreed to. Events never hold either.

use async_trait::async_trait;
use domain::ports::{Consent, Contact, Contacts, PortError};
use sqlx::PgPool;
use uuid::Uuid;

use crate::pools;

/// The contacts port on `app.contacts` and `app.consents`.
pub struct PgContacts {
    pool: PgPool,
}

impl PgContacts {
    #[must_use]
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    async fn store(&self, order: Uuid, contact: &Contact, consents: &[Consent]) -> sqlx::Result<()> {
        let mut tx = pools::begin(&self.pool).await?;
        sqlx::query(
            "INSERT INTO app.contacts (order_id, customer, email) VALUES ($1, $2, $3) ON CONFLICT (order_id) DO NOTHING",
        )
        .bind(order)
        .bind(contact.customer)
        .bind(&contact.email)
        .execute(&mut *tx)
        .await?;
        for consent in consents {
            sqlx::query(
                "INSERT INTO app.consents (id, order_id, kind, text_version, given_at, ip_sha256)
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING",
            )
            .bind(consent.id)
            .bind(order)
            .bind(&consent.kind)
            .bind(&consent.text_version)
            .bind(consent.given_at)
            .bind(&consent.ip_sha256)
            .execute(&mut *tx)
            .await?;
        }
        fail::fail_point!("before keep contact");
        tx.commit().await?;
        fail::fail_point!("after keep contact");
        Ok(())
    }
}

#[async_trait]
impl Contacts for PgContacts {
    async fn keep(&self, order: Uuid, contact: &Contact, consents: &[Consent]) -> Result<(), PortError> {
        self.store(order, contact, consents).await.map_err(|error| down(&error))
    }

    async fn of_order(&self, order: Uuid) -> Result<Option<Contact>, PortError> {
        let row: Option<(Uuid, String)> =
            sqlx::query_as("SELECT customer, email FROM app.contacts WHERE order_id = $1")
                .bind(order)
                .fetch_optional(&self.pool)
                .await
                .map_err(|error| down(&error))?;
        Ok(row.map(|(customer, email)| Contact { customer, email }))
    }
}

/// PostgreSQL quotes offending values in its details, never in the message used here.
fn down(error: &sqlx::Error) -> PortError {
    PortError::Transient { service: "contacts", message: error.to_string(), retry_after: None }
}
