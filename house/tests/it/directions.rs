//! Who may depend on whom (docs/ARCHITECTURE.md).

use crate::{read, root};

/// A crate and the crates of ours that it may name.
const ALLOWED: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("infra", &["domain"]),
    ("projections", &["domain"]),
    ("indicators", &["domain"]),
    ("charts", &["domain"]),
    ("narrative", &["indicators", "domain"]),
    ("studies", &["charts", "indicators", "narrative", "domain"]),
    ("process_managers", &["projections", "studies", "domain"]),
    ("api", &["projections", "domain"]),
    ("datasets", &[]),
    ("sandbox", &[]),
    ("test_support", &[]),
    ("house", &[]),
    ("bench", &["charts", "domain", "infra", "projections", "studies"]),
    (
        "cli",
        &["api", "datasets", "domain", "infra", "narrative", "process_managers", "projections", "sandbox", "studies"],
    ),
];

/// What the tests of a crate may use beside that: read models and policies are tried on the real log, clients on the doubles.
const ALLOWED_IN_TESTS: &[(&str, &str)] = &[
    ("infra", "projections"),
    ("infra", "sandbox"),
    ("process_managers", "infra"),
    ("process_managers", "narrative"),
    ("process_managers", "sandbox"),
];

fn section(manifest: &str, name: &str) -> Vec<String> {
    manifest
        .lines()
        .skip_while(|line| line.trim() != format!("[{name}]"))
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter(|word| !word.is_empty() && !word.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

#[test]
fn crates_depend_only_in_the_allowed_directions() {
    let ours: Vec<&str> = ALLOWED.iter().map(|(name, _)| *name).collect();
    for (name, allowed) in ALLOWED {
        let manifest = read(&root().join(name).join("Cargo.toml"));
        for dependency in section(&manifest, "dependencies") {
            if ours.contains(&dependency.as_str()) {
                assert!(allowed.contains(&dependency.as_str()), "{name} may not depend on {dependency}");
            }
        }
        for dependency in section(&manifest, "dev-dependencies") {
            let fine = dependency == "test_support"
                || allowed.contains(&dependency.as_str())
                || ALLOWED_IN_TESTS.contains(&(*name, dependency.as_str()));
            assert!(!ours.contains(&dependency.as_str()) || fine, "the tests of {name} may not depend on {dependency}");
        }
    }
}

#[test]
fn every_member_of_the_workspace_has_its_line_here() {
    let manifest = read(&root().join("Cargo.toml"));
    let members = manifest.split("members = [").nth(1).and_then(|rest| rest.split(']').next()).unwrap_or_default();
    let named = members.split('"').skip(1).step_by(2);
    for member in named {
        assert!(ALLOWED.iter().any(|(name, _)| *name == member), "{member} has no allowed directions: add its line");
    }
}

#[test]
fn versions_are_written_once_in_the_root_manifest() {
    for (name, _) in ALLOWED {
        let manifest = read(&root().join(name).join("Cargo.toml"));
        let version = manifest.lines().find(|line| line.contains("version = \"") || line.contains("= \"="));
        assert_eq!(version, None, "{name} pins a version of its own");
    }
}
