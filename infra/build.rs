//! Migrations are embedded in the library: a new file must rebuild it. Snapshots carry the digest of the code that folded
//! them, which is computed here.

use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};

const DOMAIN: &str = "../domain/src";
const UPCASTERS: &str = "src/event_store/upcast.rs";

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=../migrations");
    println!("cargo:rerun-if-changed={DOMAIN}");
    println!("cargo:rerun-if-changed={UPCASTERS}");
    for aggregate in ["order", "report", "reconciliation"] {
        let digest = state_digest(aggregate)?;
        println!("cargo:rustc-env=STATE_OF_{}={digest:016x}", aggregate.to_uppercase());
    }
    Ok(())
}

/// Changes with every file that decides what the state of an aggregate looks like after its events, and with some that
/// do not: a snapshot too many thrown away costs milliseconds, a wrong one used costs an order.
fn state_digest(aggregate: &str) -> io::Result<u64> {
    let mut sources = sources(Path::new(DOMAIN))?;
    sources.extend(self::sources(&Path::new(DOMAIN).join(aggregate))?);
    sources.push(PathBuf::from(UPCASTERS));
    let mut hasher = DefaultHasher::new();
    for source in sources {
        hasher.write(&fs::read(source)?);
    }
    Ok(hasher.finish())
}

/// The Rust files of a folder, sorted; not those of its folders.
fn sources(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let listed = fs::read_dir(folder)?.map(|entry| entry.map(|found| found.path())).collect::<io::Result<Vec<_>>>()?;
    let is_code = |path: &PathBuf| {
        path.extension().is_some_and(|ending| ending == "rs") && path.file_stem().is_some_and(|stem| stem != "tests")
    };
    let mut sources: Vec<_> = listed.into_iter().filter(is_code).collect();
    sources.sort();
    Ok(sources)
}
