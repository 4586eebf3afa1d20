//! Certificates as text: base64 between two marked lines (RFC 7468, 2 and 5).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";
/// Characters in a line (RFC 7468, 2). Those that are read may have any length, since not every
/// program breaks them alike.
const LINE: usize = 64;

/// The certificates of a file in DER, in their order. Text around them, as openssl writes it, and
/// blocks of other kinds are passed over.
pub(super) fn read(pem: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let text = std::str::from_utf8(pem).map_err(|_| "this is no text".to_owned())?;
    let mut certificates = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (line, number) in text.lines().map(str::trim_end).zip(1usize..) {
        match open.take() {
            None if line == BEGIN => open = Some((number, String::new())),
            None => {}
            Some((from, base64)) if line == END => {
                let bytes = STANDARD.decode(base64).map_err(|error| {
                    format!("the block that begins in line {from} is no base64: {error}")
                })?;
                certificates.push(bytes);
            }
            Some((from, base64)) => open = Some((from, base64 + line.trim())),
        }
    }
    match open {
        Some((from, _)) => Err(format!(
            "the block that begins in line {from} is not closed by `{END}`"
        )),
        None if certificates.is_empty() => Err("the file holds no certificates in PEM".into()),
        None => Ok(certificates),
    }
}

/// A certificate as text, with a final newline.
pub(super) fn write(der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let mut out = format!("{BEGIN}\n");
    for (index, c) in base64.chars().enumerate() {
        if index > 0 && index % LINE == 0 {
            out.push('\n');
        }
        out.push(c);
    }
    out.push_str(&format!("\n{END}\n"));
    out
}
