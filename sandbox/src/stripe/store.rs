//! What Stripe would remember, and how any of its objects is found by id.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::catalogue::{Price, Product};
use super::charge::Charge;
use super::customers::Customer;
use super::disputes::Dispute;
use super::idempotency::Kept;
use super::intent::Intent;
use super::invoices::Invoice;
use super::portal::Portal;
use super::refunds::Refund;
use super::session::Session;
use super::subscriptions::Subscription;
use crate::journal::Table;

/// One kind of object, kept in a table of its own.
pub trait Object: Clone + Serialize + DeserializeOwned {
    /// Stripe's name of the kind, as in `No such refund`.
    const KIND: &'static str;
    /// Path of the collection, as in `/v1/refunds`.
    const PATH: &'static str;

    fn table(store: &Store) -> &Table<Self>;
    fn id(&self) -> &str;
    /// Seconds since 1970.
    fn created(&self) -> i64;
    /// The object as Stripe writes it; `base_url` is the sandbox's own address.
    fn to_json(&self, base_url: &str) -> Value;
}

/// All tables.
pub struct Store {
    pub sessions: Table<Session>,
    pub intents: Table<Intent>,
    pub charges: Table<Charge>,
    pub refunds: Table<Refund>,
    pub disputes: Table<Dispute>,
    pub customers: Table<Customer>,
    pub products: Table<Product>,
    pub prices: Table<Price>,
    pub subscriptions: Table<Subscription>,
    pub invoices: Table<Invoice>,
    pub portals: Table<Portal>,
    pub keys: Table<Kept>,
    /// Idempotency keys of calls under way.
    pub held: BTreeSet<String>,
}

impl Store {
    /// Opens the store, with what a previous run left in `dir`.
    ///
    /// # Errors
    /// The folder cannot be used.
    pub fn open(dir: Option<&Path>) -> anyhow::Result<Self> {
        Ok(Self {
            sessions: Table::open(dir, "stripe_sessions")?,
            intents: Table::open(dir, "stripe_payment_intents")?,
            charges: Table::open(dir, "stripe_charges")?,
            refunds: Table::open(dir, "stripe_refunds")?,
            disputes: Table::open(dir, "stripe_disputes")?,
            customers: Table::open(dir, "stripe_customers")?,
            products: Table::open(dir, "stripe_products")?,
            prices: Table::open(dir, "stripe_prices")?,
            subscriptions: Table::open(dir, "stripe_subscriptions")?,
            invoices: Table::open(dir, "stripe_invoices")?,
            portals: Table::open(dir, "stripe_portal_sessions")?,
            keys: Table::open(dir, "stripe_idempotency_keys")?,
            held: BTreeSet::new(),
        })
    }

    pub fn clear(&mut self) {
        self.sessions.clear();
        self.intents.clear();
        self.charges.clear();
        self.refunds.clear();
        self.disputes.clear();
        self.customers.clear();
        self.products.clear();
        self.prices.clear();
        self.subscriptions.clear();
        self.invoices.clear();
        self.portals.clear();
        self.keys.clear();
        self.held.clear();
    }

    /// Any object by its id, whose first letters say what it is.
    pub fn find(&self, id: &str, base_url: &str) -> Option<Value> {
        match id.split('_').next()? {
            "cs" => self.written::<Session>(id, base_url),
            "pi" => self.written::<Intent>(id, base_url),
            "ch" => self.written::<Charge>(id, base_url),
            "re" => self.written::<Refund>(id, base_url),
            "du" => self.written::<Dispute>(id, base_url),
            "cus" => self.written::<Customer>(id, base_url),
            "prod" => self.written::<Product>(id, base_url),
            "price" => self.written::<Price>(id, base_url),
            "sub" => self.written::<Subscription>(id, base_url),
            "in" => self.written::<Invoice>(id, base_url),
            _ => None,
        }
    }

    fn written<T: Object>(&self, id: &str, base_url: &str) -> Option<Value> {
        T::table(self).get(id).map(|object| object.to_json(base_url))
    }
}
