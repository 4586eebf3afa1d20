//! Replies with bytes changed at random: nothing panics, nothing new is trusted.

use super::authority::{P_256, RSA, Workshop, der};
use super::message;
use casefile::sign::request;
use casefile::verify::timestamp::{Authorities, Stamped, check};

/// Numbers that are the same in every run (Knuth's MMIX).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }

    /// One to three changes: a byte, a bit, a cut, a doubling, a piece of elsewhere.
    fn mutate(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = bytes.to_vec();
        for _ in 0..=self.below(3) {
            if out.is_empty() {
                break;
            }
            let at = self.below(out.len());
            match self.below(7) {
                0 => out[at] = [0, 1, 0x7f, 0x80, 0x84, 0xff][self.below(6)],
                1 => out[at] ^= 1 << self.below(8),
                2 => out[at] = self.below(256) as u8,
                3 => out.truncate(at),
                4 => {
                    let to = (at + self.below(40)).min(out.len());
                    out.drain(at..to);
                }
                5 => {
                    let to = (at + self.below(40)).min(out.len());
                    let piece = out[at..to].to_vec();
                    out.splice(at..at, piece);
                }
                _ => {
                    let from = self.below(out.len());
                    let length = self.below(40).min(out.len() - from.max(at));
                    out.copy_within(from..from + length, at);
                }
            }
        }
        out
    }
}

/// A certificate, cut short, of an issuer whose name has this many parts in one set, in an order that
/// takes longest to sort.
fn crowded(parts: u32) -> Vec<u8> {
    let part = |number: u32| {
        let value = der(0x0c, &number.to_be_bytes());
        der(0x30, &[&[6, 3, 0x55, 4, 3][..], &value].concat())
    };
    let set: Vec<u8> = (0..parts).rev().flat_map(part).collect();
    let name = der(0x30, &der(0x31, &set));
    let before =
        b"\xa0\x03\x02\x01\x02\x02\x01\x05\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";
    let signed = [&before[..], &name].concat();
    der(0x30, &der(0x30, &signed))
}

#[test]
fn a_name_of_many_parts_is_refused_before_they_are_sorted() {
    let reason = |parts| Authorities::parse(&crowded(parts)).unwrap_err().concat();
    // Sorting them would take minutes.
    for parts in [17, 4_000] {
        assert_eq!(
            reason(parts),
            "certificate 1: this is no certificate: ASN.1 DER message is too long"
        );
    }
    assert_ne!(reason(16), reason(17));
}

/// How often, by default for a few seconds; `cargo test --release -- --ignored hostile` takes minutes.
const FEW: usize = 4_000;
const MANY: usize = 400_000;

/// What differs in a reply that is still trusted: only what its signature does not cover. That is the
/// status and the head of the CMS, both before the content, and the certificates with their tag and
/// length, for which the one beside the reply stands in.
fn assert_unsigned(reply: &[u8], changed: &[u8], certificate: &[u8]) {
    let place = |part: &[u8]| reply.windows(part.len()).position(|found| found == part);
    let content = place(b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04").unwrap();
    let copy = place(certificate).unwrap();
    assert_eq!(reply.len(), changed.len());
    for at in (0..reply.len()).filter(|at| reply[*at] != changed[*at]) {
        let unsigned = at < content || (copy - 4..copy + certificate.len()).contains(&at);
        assert!(
            unsigned,
            "byte {at} was changed from {} to {}",
            reply[at], changed[at]
        );
    }
}

fn replies(times: usize) {
    for (root, tsa) in [(RSA, RSA), (RSA, P_256)] {
        let shop = Workshop::new(root, tsa);
        let asked = request(&message());
        let reply = shop.reply("tsa", &asked, "");
        let authorities = Authorities::parse(&shop.get("root.pem")).unwrap();
        let chain = shop.get("tsa.pem");
        shop.openssl(&[
            "x509", "-in", "tsa.pem", "-outform", "DER", "-out", "tsa.der",
        ]);
        let der = shop.get("tsa.der");
        let verdict = |reply: &[u8], asked: &[u8], chain: &[u8]| {
            check(
                reply,
                Some(asked),
                Some(chain),
                &message(),
                Some(&authorities),
            )
        };
        let right = verdict(&reply, &asked, &chain);
        assert!(matches!(right, Stamped::Trusted { .. }));
        let mut dice = Dice(1);
        for round in 0..times {
            let changed = dice.mutate(&reply);
            let found = match round % 8 {
                0 => verdict(&reply, &dice.mutate(&asked), &chain),
                1 => verdict(&reply, &asked, &dice.mutate(&chain)),
                _ => verdict(&changed, &asked, &chain),
            };
            // What is not signed may change: the text of the status, say, or a spare certificate.
            if matches!(found, Stamped::Trusted { .. }) {
                assert_eq!(found, right);
                if round % 8 > 1 {
                    assert_unsigned(&reply, &changed, &der);
                }
            }
            let _ = Authorities::parse(&dice.mutate(&shop.get("root.pem")));
        }
    }
}

#[test]
fn a_reply_changed_at_random_never_panics_and_never_gains_another_time() {
    replies(FEW);
}

#[test]
#[ignore = "takes minutes"]
fn hostile_replies_for_minutes() {
    replies(MANY);
}
