//! Lines of a session, an invoice or a subscription, and their tax.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Request;
use super::catalogue::{self, Price, Product, TaxBehavior};
use super::error::{Answer, StripeError};
use super::params::Params;
use super::store::Object;

/// French VAT, the only rate the double computes.
const VAT_PER_CENT: i64 = 20;

/// One thing sold.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Line {
    pub id: String,
    pub price: Price,
    pub name: String,
    pub description: Option<String>,
    pub quantity: i64,
}

impl Line {
    /// Unit amount times quantity, in cents.
    pub fn amount(&self) -> i64 {
        self.price.unit_amount * self.quantity
    }

    /// Tax inside or on top of the amount, in cents; none unless Stripe was asked to compute it.
    pub fn tax(&self, automatic: bool) -> i64 {
        match (automatic, self.price.tax_behavior) {
            (true, TaxBehavior::Inclusive) => rounded(self.amount() * VAT_PER_CENT, 100 + VAT_PER_CENT),
            (true, TaxBehavior::Exclusive) => rounded(self.amount() * VAT_PER_CENT, 100),
            _ => 0,
        }
    }

    /// What is paid for this line, in cents.
    pub fn total(&self, automatic: bool) -> i64 {
        let added = if self.price.tax_behavior == TaxBehavior::Exclusive { self.tax(automatic) } else { 0 };
        self.amount() + added
    }

    /// The line in a session's `line_items`.
    pub fn to_json(&self, automatic_tax: bool) -> Value {
        json!({
            "id": self.id, "object": "item", "adjustable_quantity": null, "metadata": {},
            "amount_discount": 0, "amount_subtotal": self.amount(), "amount_tax": self.tax(automatic_tax),
            "amount_total": self.total(automatic_tax), "currency": self.price.currency, "description": self.name,
            "quantity": self.quantity, "price": self.price.to_json(""),
        })
    }
}

/// Half away from zero, as invoices round.
fn rounded(numerator: i64, denominator: i64) -> i64 {
    (2 * numerator + denominator) / (2 * denominator)
}

/// Lines as asked for, with what has to be stored once the whole call is accepted.
pub struct Asked {
    pub lines: Vec<Line>,
    pub currency: String,
    pub inline: Vec<(Price, Product)>,
}

/// Reads `line_items`.
pub fn read(request: &Request<'_>, params: &mut Params) -> Answer<Asked> {
    let mut currency: Option<String> = params.text("currency")?.map(|code| code.to_lowercase());
    let (mut lines, mut inline) = (Vec::new(), Vec::new());
    for mut item in params.list("line_items")? {
        item.refuse(&["adjustable_quantity", "dynamic_tax_rates", "tax_rates"])?;
        let line = line(request, &mut item, &mut inline)?;
        if currency.as_ref().is_some_and(|known| *known != line.price.currency) {
            return Err(StripeError::invalid("All line items must have the same currency.").param("line_items"));
        }
        currency = Some(line.price.currency.clone());
        lines.push(line);
    }
    match currency {
        Some(currency) if !lines.is_empty() => Ok(Asked { lines, currency, inline }),
        _ => Err(StripeError::missing("line_items")),
    }
}

fn line(request: &Request<'_>, item: &mut Params, inline: &mut Vec<(Price, Product)>) -> Answer<Line> {
    let name = item.name("quantity");
    let quantity = catalogue::within(item.integer("quantity")?.unwrap_or(1), 1, &name)?;
    item.metadata("metadata")?;
    let (price, product) = match (item.text("price")?, item.group("price_data")?) {
        (Some(_), Some(_)) => {
            return Err(StripeError::invalid("You may only specify one of these parameters: price, price_data.")
                .param(item.name("price")));
        }
        (Some(id), None) => {
            let store = request.world.stripe.lock();
            let price = store.prices.get(&id).cloned();
            let price = price.ok_or_else(|| StripeError::no_such_reference("price", &id, &item.name("price")))?;
            let product = store.products.get(&price.product).cloned();
            let product =
                product.ok_or_else(|| StripeError::no_such_reference("product", &price.product, "product"))?;
            (price, product)
        }
        (None, Some(mut data)) => {
            let made = catalogue::price(request, &mut data, false)?;
            data.finish()?;
            inline.push(made.clone());
            made
        }
        (None, None) => return Err(StripeError::missing(&item.name("price_data"))),
    };
    let line = Line {
        id: request.world.ids.next("li_"),
        name: product.name,
        description: product.description,
        price,
        quantity,
    };
    item.check()?;
    Ok(line)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn line(unit_amount: i64, quantity: i64, tax_behavior: TaxBehavior) -> Line {
        let price = Price {
            id: "price_1".into(),
            product: "prod_1".into(),
            currency: "eur".into(),
            unit_amount,
            tax_behavior,
            recurring: None,
            nickname: None,
            lookup_key: None,
            metadata: BTreeMap::new(),
            active: false,
            created: 0,
        };
        Line { id: "li_1".into(), price, name: "Étude".into(), description: None, quantity }
    }

    #[test]
    fn inclusive_tax_is_inside_the_price_and_exclusive_tax_is_added() {
        let inclusive = line(34_800, 1, TaxBehavior::Inclusive);
        assert_eq!((inclusive.tax(true), inclusive.total(true)), (5_800, 34_800));
        let exclusive = line(29_000, 2, TaxBehavior::Exclusive);
        assert_eq!((exclusive.tax(true), exclusive.total(true)), (11_600, 69_600));
        assert_eq!((inclusive.tax(false), inclusive.total(false)), (0, 34_800));
    }
}
