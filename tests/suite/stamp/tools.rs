//! Running the tools of others. A test that needs one fails loudly where it is missing.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs a tool in a folder with text on its stdin; whether it succeeded, and all it said.
pub fn run(folder: &Path, tool: &str, arguments: &[&str], stdin: &[u8]) -> (bool, String) {
    let mut child = Command::new(tool)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("this test needs `{tool}`, which does not start: {error}"));
    // A tool that rejects its arguments may close stdin before all is written.
    let _ = child.stdin.take().unwrap().write_all(stdin);
    let Output {
        status,
        stdout,
        stderr,
    } = child.wait_with_output().unwrap();
    let said = [stdout, stderr].concat();
    (
        status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

/// Runs a tool that must succeed.
pub fn must(folder: &Path, tool: &str, arguments: &[&str], stdin: &[u8]) -> String {
    let (done, said) = run(folder, tool, arguments, stdin);
    assert!(done, "{tool} {arguments:?}: {said}");
    said
}
