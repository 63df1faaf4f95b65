//! Long files hide ideas: 500 lines of Rust and 250 of TypeScript are refused.

use crate::{files, read, root, shown};

fn longer_than(limit: usize, endings: &[&str]) -> Vec<String> {
    files(root(), endings)
        .into_iter()
        .filter(|path| !path.ends_with("schema.d.ts"))
        .map(|path| (read(&path).lines().count(), shown(&path)))
        .filter(|(lines, _)| *lines > limit)
        .map(|(lines, path)| format!("{path} has {lines} lines"))
        .collect()
}

#[test]
fn no_rust_file_is_longer_than_500_lines() {
    assert_eq!(longer_than(500, &[".rs"]), Vec::<String>::new());
}

#[test]
fn no_typescript_file_is_longer_than_250_lines() {
    assert_eq!(longer_than(250, &[".ts", ".tsx"]), Vec::<String>::new());
}

#[test]
fn a_decision_fits_on_sixty_lines() {
    let long: Vec<String> = files(&root().join("docs/adr"), &[".md"])
        .into_iter()
        .filter(|path| read(path).lines().count() > 60)
        .map(|path| shown(&path))
        .collect();
    assert_eq!(long, Vec::<String>::new());
}

#[test]
fn nothing_is_left_for_later_in_the_code() {
    let marks = [["TO", "DO"].concat(), ["FIX", "ME"].concat(), ["#[ig", "nore"].concat(), ["todo", "!("].concat()];
    let found: Vec<String> = files(root(), &[".rs", ".ts", ".tsx", ".sql"])
        .into_iter()
        .filter(|path| !path.ends_with("schema.d.ts"))
        .flat_map(|path| {
            let text = read(&path);
            marks
                .iter()
                .filter(|mark| text.contains(mark.as_str()))
                .map(|mark| format!("{} in {}", mark, shown(&path)))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(found, Vec::<String>::new());
}
