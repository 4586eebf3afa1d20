//! Ten thousand damaged inputs through every importer: always a verdict, never a panic, no hang, no
//! appetite. Longer runs are those of `tests/fuzz`.

use crate::support::shared;
use casefile::case::Kind;
use casefile::import::{FORMATS, Hints, Input, detect, read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

const INPUTS: usize = 10_000;
/// No input of this size may take longer.
const LONGEST: Duration = Duration::from_secs(10);
/// Inputs are cut to this size, so that thousands of them can be read.
const LARGEST: usize = 48 << 10;
/// Peak memory of the whole test binary, in KiB. Reading one input takes a fraction of it.
const MOST_MEMORY: u64 = 3 << 20;

/// Starting points that need no file beside the checkout: one a family of parsers.
const SEEDS: [(&str, &str); 9] = [
    (
        "a.csv",
        "Campaign name,Ad name,Age,Gender,Impressions,Amount spent (USD)\n,,,,30,1.5\nK,A,18-24,male,10,0.5\nK,A,18-24,female,20,1\n",
    ),
    (
        "b.csv",
        "Gender report\nAll time\nGender,Campaign,Ad group,Clicks,Impr.,Cost\nMale,K,G,1,\"9,236\",12.89\nFemale,K,G,2, --,0.5\nTotal: Account,,,3,\"9,236\",13.39\n",
    ),
    (
        "c.csv",
        "event_id,received_at_local,timezone,sender_pseudonym,code_primary\nE1,2024-03-01 17:00,Europe/Berlin,S1,PURCHASE\n",
    ),
    (
        "insights.json",
        r#"{"data":[{"ad_name":"A","gender":"male","age":"18-24","impressions":"5","date_start":"2024-03-01","date_stop":"2024-03-07"}],"paging":{"next":"https://example.org/?access_token=x"}}"#,
    ),
    (
        "library.json",
        r#"{"data":[{"id":"1","page_name":"P","ad_delivery_start_time":"2024-03-01","eu_total_reach":9,"age_country_gender_reach_breakdown":[{"country":"PL","age_gender_breakdowns":[{"age_range":"25-34","male":3,"female":6}]}],"demographic_distribution":[{"percentage":"0.4","age":"25-34","gender":"male"},{"percentage":"0.6","age":"25-34","gender":"female"}]}]}"#,
    ),
    (
        "message_1.json",
        r#"{"participants":[{"name":"Me"},{"name":"Alice"}],"messages":[{"sender_name":"Alice","timestamp_ms":1709312000000,"content":"Caf\u00c3\u00a9"},{"sender_name":"Alice","timestamp_ms":1709312060000,"call_duration":0,"content":"Alice started an audio call"}],"thread_path":"inbox/alice_1"}"#,
    ),
    (
        "chat.txt",
        "13/3/24, 9:41 - Messages are end-to-end encrypted\n13/3/24, 9:42 - Alice: hi\nsecond line\n13/3/24, 9:43 - Me: <Media omitted>\n",
    ),
    (
        "sms.xml",
        r#"<?xml version="1.0"?><smses count="1"><sms address="+15550100" date="1709312000000" type="1" body="a &#55357;&#56832;" /><mms date="1709312000000" msg_box="1" address="+15550100"><parts><part ct="image/jpeg" data="AAAA"/></parts></mms></smses>"#,
    ),
    (
        "box.mbox",
        "From a@example.org Fri Mar  1 17:00:00 2024\nFrom: a@example.org\nTo: b@example.org\nDate: Fri, 1 Mar 2024 17:00:00 +0000\nSubject: x\n\nbody\n",
    ),
];

/// Random numbers from a fixed seed (Steele, Lea and Flood 2014, SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % n.max(1) as u64).unwrap()
    }
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn seeds() -> Vec<(String, Vec<u8>)> {
    let own = SEEDS.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
    let mut seeds: Vec<(String, Vec<u8>)> = own.to_vec();
    if let Some(folder) = shared("samples") {
        let mut paths = Vec::new();
        files(&folder, &mut paths);
        for path in paths {
            let mut bytes = std::fs::read(&path).unwrap();
            bytes.truncate(LARGEST);
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            seeds.push((name, bytes));
        }
    }
    seeds
}

fn mutate(bytes: &mut Vec<u8>, seeds: &[(String, Vec<u8>)], random: &mut Random) {
    match random.below(8) {
        0 => bytes.truncate(random.below(bytes.len())),
        1 if !bytes.is_empty() => {
            let at = random.below(bytes.len());
            bytes[at] ^= 1 << random.below(8);
        }
        2 => {
            let other = &seeds[random.below(seeds.len())].1;
            let (from, at) = (random.below(other.len()), random.below(bytes.len()));
            let piece = &other[from..(from + random.below(400)).min(other.len())];
            bytes.splice(at..at, piece.iter().copied());
        }
        3 => {
            let at = random.below(bytes.len());
            let mark = b"\",\n;\xFF\0-9.{}[]<>&:\\"[random.below(18)];
            let many = [1, 1, 1, 300][random.below(4)];
            bytes.splice(at..at, std::iter::repeat_n(mark, many));
        }
        4 => {
            let (from, at) = (random.below(bytes.len()), random.below(bytes.len()));
            let piece: Vec<u8> = bytes[from..(from + random.below(900)).min(bytes.len())].to_vec();
            for _ in 0..=random.below(6) {
                bytes.splice(at..at, piece.iter().copied());
            }
        }
        5 => {
            let (from, length) = (random.below(bytes.len()), random.below(60));
            bytes.drain(from..(from + length).min(bytes.len()));
        }
        6 => {
            let numbers: [&[u8]; 6] =
                [b"-1", b"1e400", b"9999999999999999999", b"NaN", b"<5", b"0"];
            let digits = |byte: &u8| byte.is_ascii_digit();
            if let Some(start) = bytes
                .iter()
                .skip(random.below(bytes.len()))
                .position(digits)
            {
                let end = bytes[start..]
                    .iter()
                    .take_while(|byte| digits(byte))
                    .count()
                    + start;
                bytes.splice(start..end, numbers[random.below(6)].iter().copied());
            }
        }
        _ => {
            let wide: Vec<u8> = String::from_utf8_lossy(bytes)
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect();
            *bytes = [b"\xFF\xFE".as_slice(), &wide].concat();
        }
    }
    bytes.truncate(LARGEST * 2);
}

/// Reads the input alone, with one format and with one kind insisted on.
fn verdict(name: &str, bytes: &[u8], format: &'static str, kind: Kind) {
    for hints in [
        Hints::default(),
        Hints {
            format: Some(format.to_owned()),
            account: Some("Me".into()),
            ..Hints::default()
        },
        Hints {
            kind: Some(kind),
            ..Hints::default()
        },
    ] {
        let input = Input {
            file: name,
            bytes,
            hints: &hints,
        };
        let detected = detect(&input);
        match read(&input) {
            Ok(imported) => {
                assert!(detected.is_ok(), "{name} was read and not detected");
                let rows = &imported.rows;
                assert_eq!(
                    rows.read + rows.excluded.len() as u64,
                    rows.in_file,
                    "{name}"
                );
            }
            Err(error) => {
                assert!(!error.problems.is_empty());
                assert!(error.problems.iter().all(|p| !p.message.is_empty()));
            }
        }
    }
}

/// Peak resident memory of this process in KiB, where the system tells it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[test]
fn ten_thousand_damaged_inputs_get_a_verdict_from_every_importer() {
    let seeds = seeds();
    let mut random = Random(20_240_301);
    let formats: Vec<&'static str> = FORMATS.iter().map(|format| format.name).collect();
    let (jobs, inbox) = mpsc::channel::<(Arc<(String, Vec<u8>)>, &'static str, Kind)>();
    let (done, outbox) = mpsc::channel::<()>();
    // A reader that hangs must not hang the test: it works in a thread of its own.
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(move || {
            for (input, format, kind) in inbox {
                verdict(&input.0, &input.1, format, kind);
                if done.send(()).is_err() {
                    return;
                }
            }
        })
        .unwrap();
    for round in 0..INPUTS {
        let (name, bytes) = &seeds[round % seeds.len()];
        let mut bytes = bytes.clone();
        for _ in 0..=random.below(3) {
            mutate(&mut bytes, &seeds, &mut random);
        }
        let format = formats[random.below(formats.len())];
        let kind = Kind::ALL[random.below(Kind::ALL.len())];
        let input = Arc::new((format!("e/{name}"), bytes));
        jobs.send((Arc::clone(&input), format, kind)).unwrap();
        if let Err(error) = outbox.recv_timeout(LONGEST) {
            let path = std::env::temp_dir().join("casefile-mutation");
            std::fs::write(&path, &input.1).unwrap();
            panic!(
                "{error} in round {round} ({name}, {format}): the input is in {}",
                path.display()
            );
        }
    }
    if let Some(peak) = peak_memory() {
        assert!(peak < MOST_MEMORY, "{peak} KiB");
    }
}
