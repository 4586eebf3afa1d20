//! The page that verifies in a browser is whole, closed to the outside, and in every bundle.

use crate::support::CaseBuilder;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use casefile::bundle::Edition;
use casefile::verify::page;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// What stands between two marks that each occur once.
fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    assert_eq!(text.matches(from).count(), 1, "`{from}` stands once");
    let (_, rest) = text.split_once(from).unwrap();
    rest.split_once(to).unwrap().0
}

#[test]
fn its_policy_lets_its_own_script_and_style_in_and_nothing_else() {
    let page = page();
    let digest = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    let script = between(&page, "<script>", "</script>");
    let style = between(&page, "<style>", "</style>");
    let expected = format!(
        "default-src 'none'; script-src {}; style-src {}; base-uri 'none'; form-action 'none'",
        digest(script),
        digest(style)
    );
    let policy = between(
        &page,
        "<meta http-equiv=\"Content-Security-Policy\" content=\"",
        "\">",
    );
    assert_eq!(policy, expected);
    assert!(!page.contains("{{"), "every place is filled in");
}

#[test]
fn it_names_nothing_outside_itself() {
    let page = page();
    for foreign in [
        "http:", "https:", "src=", "@import", "url(", "<link", "<base",
    ] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    let script = between(&page, "<script>", "</script>");
    for act in [
        "eval(",
        "new Function",
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "fetch(",
        "XMLHttpRequest",
        "WebSocket",
        "sendBeacon",
        "Date.now",
        "new Date",
        "Math.random",
    ] {
        assert!(!script.contains(act), "{act}");
    }
}

#[test]
fn no_name_of_its_script_hides_another() {
    let page = page();
    // What reads timestamps stands in a function of its own.
    let (before, rest) = page
        .split_once("const { checkTimestamp, parseAuthorities } = (() => {\n")
        .unwrap();
    let (timestamps, after) = rest.split_once("\nreturn { checkTimestamp").unwrap();
    for scope in [format!("{before}\n{after}"), timestamps.to_owned()] {
        let mut names = BTreeSet::new();
        for line in scope.lines() {
            let line = line.strip_prefix("async ").unwrap_or(line);
            let declared = ["function ", "const ", "class ", "let "]
                .into_iter()
                .find_map(|word| line.strip_prefix(word));
            let name = declared.and_then(|rest| rest.split([' ', '(', ';']).next());
            if let Some(name) = name.filter(|name| !name.starts_with(['{', '['])) {
                assert!(names.insert(name), "`{name}` is declared twice");
            }
        }
        assert!(names.len() > 40, "declarations were found");
    }
}

#[test]
fn every_bundle_holds_it_as_a_tool() {
    for edition in [Edition::Public, Edition::Full] {
        let built = CaseBuilder::two_arms().build(edition);
        let artifact = built.artifacts.get("verify.html").unwrap();
        assert_eq!(artifact.bytes, page().as_bytes());
        assert_eq!(artifact.media_type, "text/html");
        assert_eq!(artifact.role, casefile::artifacts::Role::Tool);
    }
}
