//! Licences that the SPDX list knows: CITATION.cff takes no others (CFF 1.2.0, `license`).

/// SPDX identifiers of licences under which reports, data and code are usually released.
const KNOWN: [&str; 38] = [
    "0BSD",
    "AGPL-3.0-only",
    "AGPL-3.0-or-later",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC-BY-3.0",
    "CC-BY-4.0",
    "CC-BY-NC-3.0",
    "CC-BY-NC-4.0",
    "CC-BY-NC-ND-3.0",
    "CC-BY-NC-ND-4.0",
    "CC-BY-NC-SA-3.0",
    "CC-BY-NC-SA-4.0",
    "CC-BY-ND-3.0",
    "CC-BY-ND-4.0",
    "CC-BY-SA-3.0",
    "CC-BY-SA-4.0",
    "CC-PDDC",
    "CC0-1.0",
    "CDLA-Permissive-1.0",
    "CDLA-Sharing-1.0",
    "EUPL-1.2",
    "FreeBSD-DOC",
    "GFDL-1.3-only",
    "GFDL-1.3-or-later",
    "GPL-2.0-only",
    "GPL-2.0-or-later",
    "GPL-3.0-only",
    "GPL-3.0-or-later",
    "ISC",
    "LGPL-3.0-only",
    "LGPL-3.0-or-later",
    "MIT",
    "MPL-2.0",
    "ODC-By-1.0",
    "ODbL-1.0",
    "Unlicense",
];

/// The identifiers of a licence statement: one, or several joined by `OR`. `None` where any of
/// them is not known to us: the statement is then given in words only.
pub fn identifiers(license: &str) -> Option<Vec<&'static str>> {
    license
        .split(" OR ")
        .map(|id| KNOWN.iter().find(|known| **known == id.trim()).copied())
        .collect()
}

/// Address of the licence's text on the SPDX list.
pub fn address(identifier: &str) -> String {
    format!("https://spdx.org/licenses/{identifier}.html")
}
