//! A narrative made of accepted blocks and of the rules' own.

use domain::report::Author;

use crate::{Block, Judgement, Narrative};

fn block(text: &str, author: Author) -> Block {
    Block { text: text.to_owned(), claims: vec![], author }
}

#[test]
fn rules_fill_what_the_model_left_or_lost() {
    let rules = |id: &str| (id.to_owned(), block("règle", Author::Rules));
    let by_rules = Narrative { blocks: [rules("p3.titre"), rules("p3.lede")].into() };
    let accepted = [("p3.lede".to_owned(), block("modèle", Author::Model))].into();
    let whole = Narrative::complete(Judgement { accepted, objections: vec![] }, by_rules);
    let authors: Vec<_> = whole.by_block().into_iter().collect();
    assert_eq!(authors, [("p3.lede".to_owned(), Author::Model), ("p3.titre".to_owned(), Author::Rules)]);
}
