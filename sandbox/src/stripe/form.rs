//! Stripe's form bodies: `line_items[0][price_data][currency]=eur` as a tree.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::{Answer, StripeError};

/// A parameter: text, or named (or numbered) parameters. Equal trees are equal requests, whatever the order on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Node {
    Text(String),
    Group(BTreeMap<String, Node>),
}

impl Node {
    /// Reads decoded form fields.
    ///
    /// # Errors
    /// A name that is not `a[b][c]`, or used both as text and as a group.
    pub fn parse(fields: Vec<(String, String)>) -> Answer<BTreeMap<String, Node>> {
        let mut root = BTreeMap::new();
        for (name, value) in fields {
            let path = path(&name).ok_or_else(|| StripeError::invalid(format!("Invalid parameter name: {name}")))?;
            insert(&mut root, &path, value)
                .ok_or_else(|| StripeError::invalid(format!("Invalid hash: {name}")).param(name.clone()))?;
        }
        Ok(root)
    }
}

fn path(name: &str) -> Option<Vec<&str>> {
    let Some(open) = name.find('[') else { return (!name.is_empty()).then(|| vec![name]) };
    let (root, mut rest) = name.split_at(open);
    let mut parts = vec![root];
    while !rest.is_empty() {
        let close = rest.find(']')?;
        parts.push(rest.get(1..close)?);
        rest = &rest[close + 1..];
        if !rest.is_empty() && !rest.starts_with('[') {
            return None;
        }
    }
    (!root.is_empty()).then_some(parts)
}

fn insert(group: &mut BTreeMap<String, Node>, path: &[&str], value: String) -> Option<()> {
    let (name, rest) = path.split_first()?;
    // `expand[]` counts by itself.
    let name = if name.is_empty() { group.len().to_string() } else { (*name).to_owned() };
    if rest.is_empty() {
        return match group.insert(name, Node::Text(value)) {
            Some(Node::Group(_)) => None,
            _ => Some(()),
        };
    }
    match group.entry(name).or_insert_with(|| Node::Group(BTreeMap::new())) {
        Node::Group(inner) => insert(inner, rest, value),
        Node::Text(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::form_fields;

    fn parsed(form: &str) -> BTreeMap<String, Node> {
        Node::parse(form_fields(form)).unwrap()
    }

    #[test]
    fn nested_names_make_a_tree() {
        let tree =
            parsed("mode=payment&line_items[0][price_data][product_data][name]=%C3%89tude&expand[]=a&expand[]=b");
        let shown = serde_json::to_value(&tree).unwrap();
        assert_eq!(shown["line_items"]["0"]["price_data"]["product_data"]["name"], "Étude");
        assert_eq!(shown["expand"], serde_json::json!({ "0": "a", "1": "b" }));
    }

    #[test]
    fn the_order_and_the_escaping_of_fields_do_not_matter() {
        assert_eq!(parsed("a[x]=1&a[y]=2"), parsed("a%5By%5D=2&a%5Bx%5D=1"));
        assert_ne!(parsed("a[x]=1"), parsed("a[x]=2"));
    }

    #[test]
    fn names_that_contradict_each_other_are_refused() {
        for form in ["a=1&a[b]=2", "a[b]=1&a=2", "a[b=1", "[b]=1", "a[b]c=1"] {
            assert!(Node::parse(form_fields(form)).is_err(), "{form}");
        }
    }
}
