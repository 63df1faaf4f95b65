//! Stripe's form bodies: `line_items[0][price_data][currency]=eur` as a tree.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::{Answer, StripeError};

/// Deeper names are refused: no parameter of Stripe needs them, and each level costs stack.
const DEEPEST: usize = 12;

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
        rest = rest.get(close + 1..)?;
        if parts.len() > DEEPEST || (!rest.is_empty() && !rest.starts_with('[')) {
            return None;
        }
    }
    (!root.is_empty() && parts.len() <= DEEPEST).then_some(parts)
}

fn insert(group: &mut BTreeMap<String, Node>, path: &[&str], value: String) -> Option<()> {
    let (name, rest) = path.split_first()?;
    let name = if name.is_empty() { next_number(group) } else { (*name).to_owned() };
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

/// `expand[]` counts by itself, past the numbers already taken.
fn next_number(group: &BTreeMap<String, Node>) -> String {
    let mut number = group.len();
    while group.contains_key(&number.to_string()) {
        number += 1;
    }
    number.to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    #[test]
    fn numbers_left_out_are_given_past_those_taken() {
        let shown = serde_json::to_value(parsed("a[1]=x&a[]=y&a[]=z")).unwrap();
        assert_eq!(shown["a"], serde_json::json!({ "1": "x", "2": "y", "3": "z" }));
    }

    #[test]
    fn endless_nesting_is_refused_and_costs_no_stack() {
        let form = format!("a{}=1", "[b]".repeat(200_000));
        assert!(Node::parse(form_fields(&form)).is_err());
    }

    /// Writes a tree the way a client does.
    fn written(tree: &BTreeMap<String, Node>) -> Vec<(String, String)> {
        fn walk(name: &str, node: &Node, fields: &mut Vec<(String, String)>) {
            match node {
                Node::Text(text) => fields.push((name.to_owned(), text.clone())),
                Node::Group(group) => {
                    group.iter().for_each(|(key, inner)| walk(&format!("{name}[{key}]"), inner, fields));
                }
            }
        }
        let mut fields = Vec::new();
        tree.iter().for_each(|(name, node)| walk(name, node, &mut fields));
        fields
    }

    fn encoded(fields: &[(String, String)]) -> String {
        let mut url = reqwest::Url::parse("http://form/").unwrap();
        url.query_pairs_mut().extend_pairs(fields);
        url.query().unwrap_or_default().to_owned()
    }

    fn trees() -> impl Strategy<Value = BTreeMap<String, Node>> {
        let key = "[a-zé0-9_.-]{1,6}";
        let node = any::<String>()
            .prop_map(Node::Text)
            .prop_recursive(4, 24, 4, move |inner| prop::collection::btree_map(key, inner, 1..4).prop_map(Node::Group));
        prop::collection::btree_map(key, node, 1..5)
    }

    proptest! {
        #[test]
        fn what_a_client_wrote_is_read_back(tree in trees()) {
            prop_assert_eq!(Node::parse(form_fields(&encoded(&written(&tree)))).unwrap(), tree);
        }

        #[test]
        fn the_order_of_fields_never_makes_another_request(tree in trees(), seed in any::<u64>()) {
            let mut fields = written(&tree);
            let mut dice = crate::world::Dice::new(seed);
            for index in (1..fields.len()).rev() {
                fields.swap(index, usize::try_from(dice.below(index as u64 + 1)).unwrap());
            }
            prop_assert_eq!(Node::parse(form_fields(&encoded(&fields))).unwrap(), tree);
        }

        #[test]
        fn one_other_value_makes_another_request(tree in trees(), at in any::<prop::sample::Index>(), tail in "[a-z]{1,3}") {
            let mut fields = written(&tree);
            let changed = at.index(fields.len());
            fields[changed].1.push_str(&tail);
            prop_assert_ne!(Node::parse(form_fields(&encoded(&fields))).unwrap(), tree);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Node::parse(form_fields(&String::from_utf8_lossy(&bytes)));
        }

        #[test]
        fn no_brackets_make_it_panic(text in r"[a\[\]=&%é0+]{0,40}") {
            let _ = Node::parse(form_fields(&text));
        }
    }
}
