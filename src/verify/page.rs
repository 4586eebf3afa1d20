//! `verify.html`: the checks of this room in JavaScript, in one page that works without a network.
//!
//! The sources are `templates/verify`, a file for each one here, under the same name: what is changed
//! in one is changed in the other. `.ci/page` holds both to the same verdicts, byte for byte. The page
//! forbids itself every request, and every script and style but its own, by their digests.

use crate::bundle::format::VERSION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

macro_rules! sources {
    ($($name:literal)*) => { &[$(include_str!(concat!("../../templates/verify/", $name, ".js"))),*] };
}

/// In an order in which each finds what it needs at once.
const CHECKS: &[&str] = sources!(
    "bytes" "format" "verdict" "fault" "sha256" "crc32" "source" "layout" "extra" "headers"
    "directory" "entries" "inflate" "content" "judge" "names" "pass" "json_bytes" "json_numbers" "json" "shapes" "list" "lenient"
    "container" "contents" "manifest" "described" "record" "armour" "ssh_key" "ed25519" "ecdsa"
    "rsa_key" "signers" "signature" "seals" "verify"
);
const TIMESTAMPS: &[&str] = sources!(
    "timestamp/der" "timestamp/x509" "timestamp/x509_names" "timestamp/pem" "timestamp/algorithms" "timestamp/certificate"
    "timestamp/chain" "timestamp/cms" "timestamp/response" "timestamp/timestamp"
);
const PAGE: &[&str] = sources!("text" "page");

const STYLE: &str = include_str!("../../templates/verify/page.css");
const FRAME: &str = include_str!("../../templates/verify/page.html");

/// The whole page, the same on every machine.
pub fn page() -> String {
    let script = script();
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; base-uri 'none'; form-action 'none'",
        source_of(&script),
        source_of(STYLE)
    );
    let (version, format) = (env!("CARGO_PKG_VERSION"), VERSION.to_string());
    FRAME
        .replace("{{policy}}", &policy)
        .replace("{{version}}", version)
        .replace("{{format}}", &format)
        .replace("{{style}}", STYLE)
        .replace("{{script}}", &script)
}

/// One script, in which nothing is visible from outside. What reads timestamps has names of its own.
fn script() -> String {
    let timestamps = format!(
        "const {{ checkTimestamp, parseAuthorities }} = (() => {{\n{}\nreturn {{ checkTimestamp, parseAuthorities }};\n}})();\n",
        TIMESTAMPS.join("\n")
    );
    let checks = CHECKS.join("\n");
    let page = PAGE.join("\n");
    format!("\n\"use strict\";\n(() => {{\n{checks}\n{timestamps}\n{page}\n}})();\n")
}

/// The source expression that lets this script or style run, and no other (Content Security Policy
/// Level 3, 2.3.1).
fn source_of(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}
