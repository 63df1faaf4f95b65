//! Reads parameters one by one; what nobody read at the end is unknown to Stripe, and refused.

use std::collections::BTreeMap;

use super::error::{Answer, StripeError};
use super::form::Node;

/// Parameters of one level, still to be read.
pub struct Params {
    at: String,
    fields: BTreeMap<String, Node>,
}

impl Params {
    pub fn new(fields: BTreeMap<String, Node>) -> Self {
        Self { at: String::new(), fields }
    }

    /// The full name of a parameter of this level.
    pub fn name(&self, name: &str) -> String {
        if self.at.is_empty() { name.to_owned() } else { format!("{}[{name}]", self.at) }
    }

    /// A text; an empty one is an absent one.
    pub fn text(&mut self, name: &str) -> Answer<Option<String>> {
        match self.fields.remove(name) {
            None => Ok(None),
            Some(Node::Text(text)) => Ok((!text.is_empty()).then_some(text)),
            Some(Node::Group(_)) => Err(StripeError::invalid("Invalid string.").param(self.name(name))),
        }
    }

    /// A text that must be there.
    pub fn required(&mut self, name: &str) -> Answer<String> {
        let given = self.fields.contains_key(name);
        match self.text(name)? {
            Some(text) => Ok(text),
            None if given => Err(StripeError::invalid(format!(
                "You passed an empty string for '{0}'. We assume empty values are an attempt to unset a parameter; \
                 however '{0}' cannot be unset.",
                self.name(name)
            ))
            .code("parameter_invalid_empty")
            .param(self.name(name))),
            None => Err(StripeError::missing(&self.name(name))),
        }
    }

    /// A text of at most `limit` characters.
    pub fn short(&mut self, name: &str, limit: usize) -> Answer<Option<String>> {
        let text = self.text(name)?;
        match &text {
            Some(long) if long.chars().count() > limit => {
                Err(StripeError::invalid(format!("Invalid string: must be at most {limit} characters"))
                    .param(self.name(name)))
            }
            _ => Ok(text),
        }
    }

    pub fn integer(&mut self, name: &str) -> Answer<Option<i64>> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let number = text.parse().map_err(|_| {
            StripeError::invalid(format!("Invalid integer: {text}"))
                .code("parameter_invalid_integer")
                .param(self.name(name))
        })?;
        Ok(Some(number))
    }

    pub fn flag(&mut self, name: &str) -> Answer<Option<bool>> {
        match self.text(name)?.as_deref() {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => Err(StripeError::invalid(format!("Invalid boolean: {other}")).param(self.name(name))),
        }
    }

    /// One of a closed list.
    pub fn choice(&mut self, name: &str, allowed: &[&str]) -> Answer<Option<String>> {
        let text = self.text(name)?;
        match &text {
            Some(other) if !allowed.contains(&other.as_str()) => {
                Err(StripeError::invalid(format!("Invalid {name}: must be one of {}", allowed.join(", ")))
                    .param(self.name(name)))
            }
            _ => Ok(text),
        }
    }

    /// Parameters below `name`.
    pub fn group(&mut self, name: &str) -> Answer<Option<Params>> {
        match self.fields.remove(name) {
            None => Ok(None),
            Some(Node::Group(fields)) => Ok(Some(Params { at: self.name(name), fields })),
            Some(Node::Text(text)) if text.is_empty() => Ok(None),
            Some(Node::Text(_)) => Err(StripeError::invalid("Invalid object").param(self.name(name))),
        }
    }

    /// Numbered groups below `name`, in order of number.
    pub fn list(&mut self, name: &str) -> Answer<Vec<Params>> {
        let at = self.name(name);
        let mut list = Vec::new();
        for (index, node) in self.numbered(name)? {
            let Node::Group(fields) = node else { return Err(StripeError::invalid("Invalid object").param(at)) };
            list.push(Params { at: format!("{at}[{index}]"), fields });
        }
        Ok(list)
    }

    /// Numbered texts below `name`.
    pub fn texts(&mut self, name: &str) -> Answer<Vec<String>> {
        let at = self.name(name);
        self.numbered(name)?
            .into_iter()
            .map(|(_, node)| match node {
                Node::Text(text) => Ok(text),
                Node::Group(_) => Err(StripeError::invalid("Invalid string").param(at.clone())),
            })
            .collect()
    }

    fn numbered(&mut self, name: &str) -> Answer<Vec<(usize, Node)>> {
        let at = self.name(name);
        let Some(group) = self.group(name)? else { return Ok(Vec::new()) };
        let numbered: Option<Vec<(usize, Node)>> =
            group.fields.into_iter().map(|(index, node)| Some((index.parse().ok()?, node))).collect();
        let mut numbered = numbered.ok_or_else(|| StripeError::invalid("Invalid array").param(at))?;
        numbered.sort_by_key(|(index, _)| *index);
        Ok(numbered)
    }

    /// Metadata: at most 50 keys of 40 characters, values of 500.
    pub fn metadata(&mut self, name: &str) -> Answer<BTreeMap<String, String>> {
        let at = self.name(name);
        let Some(mut group) = self.group(name)? else { return Ok(BTreeMap::new()) };
        if group.fields.len() > 50 {
            return Err(StripeError::invalid("Metadata can have up to 50 keys").param(at));
        }
        let keys: Vec<String> = group.fields.keys().cloned().collect();
        let mut metadata = BTreeMap::new();
        for key in keys {
            if key.chars().count() > 40 {
                return Err(
                    StripeError::invalid(format!("Metadata keys can have up to 40 characters: {key}")).param(at)
                );
            }
            if let Some(value) = group.short(&key, 500)? {
                metadata.insert(key, value);
            }
        }
        Ok(metadata)
    }

    /// Changes metadata as an update does: an empty value removes its key, an empty `metadata` removes all.
    pub fn change_metadata(&mut self, metadata: &mut BTreeMap<String, String>) -> Answer<()> {
        if matches!(self.fields.get("metadata"), Some(Node::Text(text)) if text.is_empty()) {
            self.fields.remove("metadata");
            metadata.clear();
            return Ok(());
        }
        let removed: Vec<String> = match self.fields.get("metadata") {
            Some(Node::Group(group)) => {
                let empty = |node: &Node| matches!(node, Node::Text(text) if text.is_empty());
                group.iter().filter(|(_, node)| empty(node)).map(|(key, _)| key.clone()).collect()
            }
            _ => Vec::new(),
        };
        metadata.extend(self.metadata("metadata")?);
        metadata.retain(|key, _| !removed.contains(key));
        Ok(())
    }

    /// Whether `name` was given as a plain value.
    pub fn is_text(&self, name: &str) -> bool {
        matches!(self.fields.get(name), Some(Node::Text(_)))
    }

    /// Whether anything was given under `name`.
    pub fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// Refuses a parameter that Stripe knows and the sandbox does not.
    pub fn refuse(&self, names: &[&str]) -> Answer<()> {
        match names.iter().find(|name| self.fields.contains_key(**name)) {
            Some(name) => Err(StripeError::not_doubled(&format!("the parameter {}", self.name(name)))),
            None => Ok(()),
        }
    }

    /// Ends the reading: anything left is unknown.
    pub fn finish(self) -> Answer<()> {
        self.check()
    }

    /// Refuses what nobody has read so far.
    pub fn check(&self) -> Answer<()> {
        let unknown: Vec<String> = self.fields.keys().map(|name| self.name(name)).collect();
        match unknown.as_slice() {
            [] => Ok(()),
            [one] => Err(StripeError::invalid(format!("Received unknown parameter: {one}"))
                .code("parameter_unknown")
                .param(one)),
            [first, ..] => Err(StripeError::invalid(format!("Received unknown parameters: {}", unknown.join(", ")))
                .code("parameter_unknown")
                .param(first)),
        }
    }
}
