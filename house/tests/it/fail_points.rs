//! Fail points are for tests: the product must not be able to end where a test wants it to (docs/adr/0018).

use std::process::Command;

use crate::root;

/// What cargo says of the crate `fail`, seen from `package` along these edges.
fn told(package: &str, edges: &str) -> String {
    let asked = Command::new(env!("CARGO"))
        .current_dir(root())
        .args(["tree", "--offline", "--locked", "--package", package, "--edges", edges, "--invert", "fail"])
        .output()
        .expect("cargo runs");
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    String::from_utf8_lossy(&asked.stdout).into_owned()
}

#[test]
fn no_binary_has_fail_points_and_the_tests_of_the_policies_have() {
    const ON: &str = "fail feature \"failpoints\"";
    let product = told("lobster", "normal,build,features");
    assert!(product.contains("fail v") && !product.contains(ON), "{product}");
    let tests = told("process_managers", "normal,dev,features");
    assert!(tests.contains(ON), "the crash tests would pass every point: {tests}");
}
