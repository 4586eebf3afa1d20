//! Random damage to bundles and to containers packed again. Two other readers of zips tell whether
//! what was let pass is what was sealed: one that follows the central directory, one that follows
//! the local headers.

use super::foreign::PROGRAMS;
use super::repacked::repack;
use super::{Files, sample};
use casefile::bundle::Bundle;
use casefile::verify::{self, Verdict};
use std::io::{Cursor, Read};
use zip::CompressionMethod;

/// A linear congruential generator (Knuth, MMIX), so that a failure can be had again.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// Where headers start.
fn headers(bytes: &[u8]) -> Vec<usize> {
    let signed = |four: &[u8]| four.starts_with(b"PK") && four[2] < 9 && four[3] < 9;
    let fours = bytes.windows(4).enumerate();
    fours
        .filter(|(_, four)| signed(four))
        .map(|(at, _)| at)
        .collect()
}

fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    let places = headers(bytes);
    let at = random.below(bytes.len());
    let length = random.below(60).min(bytes.len() - at);
    match random.below(9) {
        0 => bytes[at] ^= 1 << random.below(8),
        1 => bytes[at] = random.pick(&[0, 1, 8, 0x7F, 0xFF, b'P', b'/', b'.']),
        2 => bytes.truncate(at.max(1)),
        3 => drop(bytes.splice(at..at + length, std::iter::repeat_n(0, random.below(9)))),
        4 => {
            let copy = bytes[at..at + length].to_vec();
            let to = random.below(bytes.len());
            drop(bytes.splice(to..to, copy));
        }
        // Fields of headers.
        5 | 6 if !places.is_empty() => {
            let at = (random.pick(&places) + random.below(46)).min(bytes.len() - 1);
            let width = random.pick(&[1, 2, 4]).min(bytes.len() - at);
            let value = random.pick(&[0u32, 1, 2, 8, 9, 20, 0x0800, 0xFFFE, 0xFFFF, u32::MAX]);
            let value = value.wrapping_add(random.below(3) as u32).to_le_bytes();
            bytes[at..at + width].copy_from_slice(&value[..width]);
        }
        // One header over another, or between two others.
        7 if places.len() > 2 => {
            let (from, to) = (random.pick(&places), random.pick(&places));
            let length = random
                .pick(&[16, 22, 30, 46, 76, 100])
                .min(bytes.len() - from.max(to));
            let copy = bytes[from..from + length].to_vec();
            let over = if random.below(2) == 0 { length } else { 0 };
            drop(bytes.splice(to..to + over, copy));
        }
        _ => {
            let from = random.below(bytes.len());
            let length = length.min(bytes.len() - from);
            let copy = bytes[from..from + length].to_vec();
            bytes[at..at + length.min(copy.len())].copy_from_slice(&copy[..length]);
        }
    }
}

/// The files by the central directory.
fn by_directory(bytes: &[u8]) -> Option<Files> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut files = Files::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).ok()?;
        let mut content = Vec::new();
        entry.read_to_end(&mut content).ok()?;
        if !entry.is_dir() {
            let path = entry.name().ok()?.strip_prefix("toy-1.0.0/")?.to_owned();
            files.insert(path, content);
        }
    }
    Some(files)
}

/// The files by the local headers, as somebody reads who receives a stream.
fn by_stream(mut bytes: &[u8]) -> Option<Files> {
    let mut files = Files::new();
    while let Some(mut entry) = zip::read::read_zipfile_from_stream(&mut bytes).ok()? {
        let mut content = Vec::new();
        entry.read_to_end(&mut content).ok()?;
        if !entry.is_dir() {
            let path = entry.name().ok()?.strip_prefix("toy-1.0.0/")?.to_owned();
            files.insert(path, content);
        }
    }
    Some(files)
}

/// The bundle, and how others pack its files. Of the first four a stream tells the sizes.
fn originals(bundle: &Bundle) -> Vec<Vec<u8>> {
    let mut originals = vec![
        bundle.bytes.clone(),
        repack(&bundle.files, CompressionMethod::Deflated),
        repack(&bundle.files, CompressionMethod::Stored),
    ];
    originals.extend(PROGRAMS.map(|program| program.pack(&bundle.files)));
    originals
}

/// Holds a verdict to what the other readers see.
fn judge(bundle: &Bundle, bytes: &[u8], streams: bool, what: &str) -> Verdict {
    let verification = verify::zip("toy-1.0.0.zip", bytes);
    match verification.verdict {
        Verdict::Verified => assert!(bytes == bundle.bytes, "{what}: {verification}"),
        Verdict::ContentsIntact => {
            let same = by_directory(bytes).as_ref() == Some(&bundle.files);
            assert!(same, "{what}: {verification}");
            let same = !streams || by_stream(bytes).as_ref() == Some(&bundle.files);
            assert!(same, "{what}: {verification}");
            assert_eq!(verification.root, Some(bundle.root));
        }
        Verdict::Failed => {}
    }
    verification.verdict
}

fn try_to_pass(seed: u64, times: usize) -> usize {
    let bundle = sample();
    let originals = originals(&bundle);
    let mut random = Random(seed);
    let mut passed = 0;
    for turn in 0..times {
        let index = turn % originals.len();
        let mut bytes = originals[index].clone();
        for _ in 0..=random.below(4) {
            damage(&mut bytes, &mut random);
        }
        let what = format!("seed {seed}, turn {turn}");
        passed += usize::from(judge(&bundle, &bytes, index < 4, &what) != Verdict::Failed);
    }
    passed
}

#[test]
fn damage_that_passes_has_left_every_file_as_it_was() {
    let passed = try_to_pass(1, 6000);
    assert!((50..3000).contains(&passed), "{passed}");
}

#[test]
#[ignore = "takes minutes; run it by hand after a change of the container's reader"]
fn a_lot_of_damage_that_passes_has_left_every_file_as_it_was() {
    for seed in 2..100 {
        try_to_pass(seed, 10_000);
    }
}

#[test]
#[ignore = "takes minutes; run it by hand after a change of the container's reader"]
fn any_flipped_bit_that_passes_has_left_every_file_as_it_was() {
    let bundle = sample();
    for (index, original) in originals(&bundle).iter().enumerate() {
        for bit in 0..8 * original.len() {
            let mut bytes = original.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let what = format!("bit {bit} of {index}");
            let verdict = judge(&bundle, &bytes, index < 4, &what);
            assert_ne!(verdict, Verdict::Verified, "{what}");
        }
    }
}
