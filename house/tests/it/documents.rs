//! Documents stay true: what they name exists, and what exists is named.

use std::collections::BTreeSet;

use crate::{files, read, root, shown};

/// README and everything under docs/.
fn documents() -> Vec<(String, String)> {
    let mut paths = vec![root().join("README.md"), root().join("CONTRIBUTING.md")];
    paths.extend(files(&root().join("docs"), &[".md"]));
    paths.into_iter().map(|path| (shown(&path), read(&path))).collect()
}

/// Words of a text that start so, cut at the first character that cannot belong to them.
fn words(text: &str, start: &str, belongs: fn(char) -> bool) -> BTreeSet<String> {
    text.match_indices(start)
        .map(|(at, _)| text[at..].chars().take_while(|character| belongs(*character)).collect::<String>())
        .collect()
}

fn variables(text: &str) -> BTreeSet<String> {
    words(text, "LOBSTER_", |character| {
        character.is_ascii_uppercase() || character.is_ascii_digit() || character == '_'
    })
}

#[test]
fn every_variable_of_the_configuration_is_documented_and_the_reverse() {
    let mut code = variables(&read(&root().join("infra/src/config.rs")));
    code.remove("LOBSTER_"); // `LOBSTER_*` in a sentence
    let table = variables(&read(&root().join("docs/configuration.md")));
    assert_eq!(code, table, "docs/configuration.md lists exactly the variables of infra/src/config.rs");
    for (name, text) in documents() {
        for variable in variables(&text) {
            assert!(code.contains(&variable), "{name} names {variable}, which the configuration does not read");
        }
    }
}

#[test]
fn every_route_that_a_document_names_is_served() {
    let served = read(&root().join("api/openapi.json"));
    let doubled: String = files(&root().join("sandbox/src/control"), &[".rs"]).iter().map(|path| read(path)).collect();
    let plain = ["/livez", "/readyz", "/metrics", "/api/docs", "/api/openapi.json"];
    for (name, text) in documents() {
        for (at, _) in text.match_indices("`GET /").chain(text.match_indices("`POST /")) {
            let route: String =
                text[at + 1..].chars().skip_while(|c| *c != '/').take_while(|c| !"`? ".contains(*c)).collect();
            if let Some(call) = route.strip_prefix("/_sandbox/") {
                let unknown =
                    call.split('/').find(|part| !part.starts_with('{') && !doubled.contains(&format!("\"{part}\"")));
                assert_eq!(unknown, None, "{name} names {route}, which the sandbox's control API does not have");
                continue;
            }
            let known = served.contains(&format!("\"{route}\"")) || plain.contains(&route.as_str());
            assert!(known, "{name} names {route}, which api/openapi.json does not have");
        }
    }
}

#[test]
fn every_make_target_that_a_document_names_exists() {
    let makefile = read(&root().join("Makefile"));
    for (name, text) in documents() {
        for word in words(&text, "`make ", |c| c.is_ascii_lowercase() || "` -".contains(c)) {
            let target = word
                .trim_matches('`')
                .trim_start_matches("make ")
                .split([' ', '`'])
                .next()
                .unwrap_or_default()
                .to_owned();
            assert!(target.is_empty() || makefile.contains(&format!("\n{target}:")), "{name} names `make {target}`");
        }
    }
}

#[test]
fn every_command_that_a_document_names_exists() {
    let source: String =
        files(&root().join("cli/src"), &[".rs"]).iter().map(|path| read(path).to_lowercase()).collect();
    for (name, text) in documents() {
        for word in words(&text, "`lobster ", |c| c.is_ascii_lowercase() || "` ".contains(c)) {
            let command = word.trim_matches('`').split_whitespace().nth(1).unwrap_or_default().to_owned();
            assert!(source.contains(&command), "{name} names `lobster {command}`, which the binary does not have");
        }
    }
}

#[test]
fn every_decision_is_listed_and_every_listed_decision_exists() {
    let index = read(&root().join("docs/adr/README.md"));
    for path in files(&root().join("docs/adr"), &[".md"]) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        assert!(name == "README.md" || index.contains(&name), "docs/adr/README.md does not list {name}");
    }
    for link in words(&index, "(00", |c| c != ')') {
        let path = root().join("docs/adr").join(link.trim_start_matches('('));
        assert!(path.exists(), "docs/adr/README.md lists {link}");
    }
}

#[test]
fn relative_links_of_documents_lead_somewhere() {
    for (name, text) in documents() {
        let folder = root().join(&name).parent().map(std::path::Path::to_path_buf).unwrap_or_default();
        for (at, _) in text.match_indices("](") {
            let link: String = text[at + 2..].chars().take_while(|c| !")#".contains(*c)).collect();
            if link.is_empty() || link.starts_with("http") {
                continue;
            }
            assert!(folder.join(&link).exists(), "{name} links to {link}");
        }
    }
}
