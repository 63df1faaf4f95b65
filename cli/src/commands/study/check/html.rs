//! The HTML of a report as its reader sees it: stretches of text, each with what it stands in and the page it is on.

/// An element around a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Element<'a> {
    name: &'a str,
    class: &'a str,
}

/// A stretch of text that a browser prints.
#[derive(Debug, Clone)]
pub struct Stretch<'a> {
    pub text: String,
    /// Number of the section it stands in, from 0; `None` for what is repeated on every page.
    pub section: Option<usize>,
    around: Vec<Element<'a>>,
}

impl Stretch<'_> {
    /// Whether an element around it is so named, or has this class.
    pub fn is_in(&self, names: &[&str]) -> bool {
        let named = |element: &Element<'_>| {
            names.iter().any(|name| element.name == *name || element.class.split(' ').any(|class| class == *name))
        };
        self.around.iter().any(named)
    }

    /// Whether the text stands in an element of its own with one of these classes, or directly in a child of one.
    pub fn fills(&self, classes: &[&str]) -> bool {
        let near = self.around.iter().rev().take(2);
        near.flat_map(|element| element.class.split(' ')).any(|class| classes.contains(&class))
    }
}

/// Elements without an end tag.
const VOID: [&str; 6] = ["!doctype", "br", "hr", "img", "link", "meta"];
/// Elements whose text no page shows.
const UNSEEN: [&str; 4] = ["desc", "head", "style", "title"];

/// Every printed stretch, in the order of the document. The templates are ours: what they write is well formed.
pub fn stretches(html: &str) -> Vec<Stretch<'_>> {
    let mut found = vec![];
    let mut around: Vec<Element<'_>> = vec![];
    let mut sections = 0;
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        push(&mut found, &around, sections, text);
        let Some((tag, after)) = after.split_once('>') else { break };
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            // Whatever was left open inside ends with it.
            if let Some(at) = around.iter().rposition(|element| element.name == name) {
                around.truncate(at);
            }
            continue;
        }
        let name = tag.split([' ', '/', '\n']).next().unwrap_or_default();
        if tag.starts_with('!') || tag.ends_with('/') || VOID.contains(&name) {
            continue;
        }
        sections += usize::from(name == "section");
        around.push(Element { name, class: class_of(tag) });
        if name == "style" {
            let (_, after) = rest.split_once("</style>").unwrap_or_default();
            around.pop();
            rest = after;
        }
    }
    found
}

fn push<'a>(found: &mut Vec<Stretch<'a>>, around: &[Element<'a>], sections: usize, text: &str) {
    if text.trim().is_empty() || around.iter().any(|element| UNSEEN.contains(&element.name)) {
        return;
    }
    let inside = around.iter().any(|element| element.name == "section");
    let section = if inside { sections.checked_sub(1) } else { None };
    found.push(Stretch { text: plain(text), section, around: around.to_vec() });
}

fn class_of(tag: &str) -> &str {
    let class = tag.split_once("class=\"").and_then(|(_, after)| after.split_once('"'));
    class.map_or("", |(class, _)| class)
}

/// The text behind the few entities that the templates write.
fn plain(text: &str) -> String {
    let named = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&#x2F;", "/")];
    let plain = named.iter().fold(text.to_owned(), |text, (entity, meant)| text.replace(entity, meant));
    // Last, or an escaped entity would be read twice.
    plain.replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!doctype html><html><head><meta charset=\"utf-8\"><title>T</title><style>p { a > b }</style></head>\
        <body><p class=\"specimen\"><span>S</span></p><section class=\"page une\"><h1>Titre <span class=\"fait com\">1&amp;lt;2</span>\
        </h1><svg><title>n</title><text x=\"1\">9</text></svg><br></section><section class=\"annexe\"><p>fin</p></section></body></html>";

    #[test]
    fn texts_know_their_page_and_what_they_stand_in() {
        let found = stretches(PAGE);
        let told: Vec<(&str, Option<usize>)> = found.iter().map(|s| (s.text.as_str(), s.section)).collect();
        assert_eq!(told, [("S", None), ("Titre ", Some(0)), ("1&lt;2", Some(0)), ("9", Some(0)), ("fin", Some(1))]);
        assert!(found[2].is_in(&["h1"]) && found[2].fills(&["fait"]) && !found[1].fills(&["fait"]));
        assert!(found[3].is_in(&["svg"]) && found[4].is_in(&["annexe"]) && !found[4].is_in(&["une"]));
    }
}
