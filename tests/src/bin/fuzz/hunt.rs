//! Runs the readers of a target on input after input until the time is up, keeps what brought
//! something new, and makes what broke a reader as small as it gets.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use conformance::random::Dice;

use crate::mutation::mutate;
use crate::shape::Shape;
use crate::targets::{Reader, Target};

/// An input that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(10);
/// Inputs kept for one reader.
const KEPT: usize = 2048;
/// Tries to make one finding smaller.
const TRIES: usize = 20_000;
/// So many different findings end a hunt.
const ENOUGH: usize = 20;

/// Something that broke a reader.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) reader: &'static str,
    /// Where and with what words it panicked.
    pub(crate) panic: String,
    pub(crate) input: Vec<u8>,
    pub(crate) file: Option<PathBuf>,
}

/// What came of a hunt.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Executions and inputs kept, by reader.
    pub(crate) readers: Vec<(&'static str, u64, usize)>,
    pub(crate) slowest: Duration,
    pub(crate) findings: Vec<Finding>,
}

/// One reader and its inputs.
struct Quarry {
    reader: &'static Reader,
    inputs: Vec<Vec<u8>>,
    executions: u64,
}

/// Hunts in the readers of `target` whose name is `only`, or in all. Reproducers go below
/// `directory`.
pub(crate) fn hunt(
    target: &'static Target,
    only: Option<&str>,
    time: Duration,
    seed: u64,
    directory: Option<&Path>,
) -> io::Result<Report> {
    let mut quarries: Vec<Quarry> = (target.readers.iter())
        .filter(|reader| only.is_none_or(|name| name == reader.name))
        .map(|reader| Quarry {
            reader,
            inputs: (reader.seeds)(),
            executions: 0,
        })
        .collect();
    let mut cage = Cage::new(target.name, directory)?;
    let mut dice = Dice::new(seed, 0);
    let mut shape = Shape::new();
    let mut report = Report::default();
    let mut found = BTreeMap::new();
    let end = Instant::now() + time;

    for (index, quarry) in quarries.iter_mut().enumerate() {
        for number in 0..quarry.inputs.len() {
            shape.begin(index);
            quarry.executions += 1;
            if let Some(panic) = cage.try_one(quarry.reader, &quarry.inputs[number], &mut shape)? {
                let key = (quarry.reader.name, place_of(&panic));
                found
                    .entry(key)
                    .or_insert((panic, quarry.inputs[number].clone(), index));
            }
        }
    }
    let mut input = Vec::new();
    while !quarries.is_empty() && found.len() < ENOUGH {
        // Looking at the clock costs about as much as a short line.
        if Instant::now() >= end {
            break;
        }
        for _ in 0..64 {
            let index = dice.below(quarries.len());
            let quarry = &mut quarries[index];
            let one = pick(&mut dice, &quarry.inputs);
            let other = pick(&mut dice, &quarry.inputs);
            input.clear();
            input.extend_from_slice(&quarry.inputs[one]);
            mutate(
                &mut dice,
                &mut input,
                &quarry.inputs[other],
                quarry.reader.words,
            );
            shape.begin(index);
            quarry.executions += 1;
            if let Some(panic) = cage.try_one(quarry.reader, &input, &mut shape)? {
                let key = (quarry.reader.name, place_of(&panic));
                found
                    .entry(key)
                    .or_insert_with(|| (panic, input.clone(), index));
            } else if shape.is_new() {
                if quarry.inputs.len() < KEPT {
                    quarry.inputs.push(input.clone());
                } else {
                    quarry.inputs[one].clone_from(&input);
                }
            }
        }
    }
    for ((name, place), (panic, input, index)) in found {
        let input = shrink(&mut cage, quarries[index].reader, &place, input)?;
        let file = cage.keep("panic", name, &input)?;
        report.findings.push(Finding {
            reader: name,
            panic,
            input,
            file,
        });
    }
    report.slowest = cage.slowest;
    report.readers = (quarries.iter())
        .map(|quarry| (quarry.reader.name, quarry.executions, quarry.inputs.len()))
        .collect();
    cage.open();
    Ok(report)
}

/// An input: every second time one of the newest, which lie at the edge of what is known.
fn pick(dice: &mut Dice, inputs: &[Vec<u8>]) -> usize {
    let newest = inputs.len().min(1 + inputs.len() / 8);
    if dice.chance(50) {
        inputs.len() - 1 - dice.below(newest)
    } else {
        dice.below(inputs.len())
    }
}

/// Where a panic happened, of the text that the hook made.
fn place_of(panic: &str) -> String {
    panic.split(' ').next().unwrap_or_default().to_owned()
}

/// Takes pieces out, and then makes bytes plain, as long as the panic stays where it is.
fn shrink(
    cage: &mut Cage,
    reader: &'static Reader,
    place: &str,
    mut input: Vec<u8>,
) -> io::Result<Vec<u8>> {
    let mut shape = Shape::new();
    let mut tries = 0;
    let mut is_same = |cage: &mut Cage, tried: &[u8]| -> io::Result<bool> {
        tries += 1;
        if tries > TRIES {
            return Ok(false);
        }
        let panic = cage.try_one(reader, tried, &mut shape)?;
        Ok(panic.is_some_and(|panic| place_of(&panic) == place))
    };
    let mut piece = input.len() / 2;
    while piece > 0 {
        let mut at = 0;
        while at < input.len() {
            let mut shorter = input.clone();
            shorter.drain(at..input.len().min(at + piece));
            if is_same(cage, &shorter)? {
                input = shorter;
            } else {
                at += piece;
            }
        }
        piece /= 2;
    }
    for at in 0..input.len() {
        for plain in [0, b' ', b'0', b'a'] {
            let old = std::mem::replace(&mut input[at], plain);
            if old == plain || is_same(cage, &input)? {
                break;
            }
            input[at] = old;
        }
    }
    Ok(input)
}

/// What an input is tried in: panics are caught, hangs end the process, and the input in hand is
/// in a file in case the process dies.
struct Cage {
    directory: Option<PathBuf>,
    /// Length and bytes of the input in hand.
    current: Option<File>,
    watched: Arc<Watched>,
    slowest: Duration,
    scratch: Vec<u8>,
}

/// What the thread that looks for hangs sees.
#[derive(Default)]
struct Watched {
    executions: AtomicU64,
    is_over: AtomicBool,
    input: Mutex<Vec<u8>>,
}

thread_local! {
    static IS_HUNTING: Cell<bool> = const { Cell::new(false) };
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

impl Cage {
    fn new(target: &'static str, directory: Option<&Path>) -> io::Result<Self> {
        install_hook();
        let directory = directory.map(|directory| directory.join(target));
        let mut current = None;
        if let Some(directory) = &directory {
            fs::create_dir_all(directory)?;
            let path = directory.join("current");
            recover(&path, directory)?;
            current = Some(File::create(path)?);
        }
        let watched = Arc::new(Watched::default());
        let seen = Arc::clone(&watched);
        let reports = directory.clone();
        thread::spawn(move || watch(&seen, target, reports.as_deref()));
        Ok(Self {
            directory,
            current,
            watched,
            slowest: Duration::ZERO,
            scratch: Vec::new(),
        })
    }

    /// Runs a reader on an input. What it panicked with, if it did.
    fn try_one(
        &mut self,
        reader: &Reader,
        input: &[u8],
        shape: &mut Shape,
    ) -> io::Result<Option<String>> {
        if let Some(file) = &self.current {
            self.scratch.clear();
            let length = u32::try_from(input.len()).unwrap_or(0);
            self.scratch.extend_from_slice(&length.to_ne_bytes());
            self.scratch.extend_from_slice(input);
            file.write_all_at(&self.scratch, 0)?;
        }
        {
            let mut held = self
                .watched
                .input
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            held.clear();
            held.extend_from_slice(input);
        }
        self.watched.executions.fetch_add(1, Ordering::Relaxed);
        let mut attempt = || {
            let start = Instant::now();
            IS_HUNTING.set(true);
            let outcome = panic::catch_unwind(AssertUnwindSafe(|| (reader.read)(input, shape)));
            IS_HUNTING.set(false);
            (outcome, start.elapsed())
        };
        let (outcome, mut took) = attempt();
        // Once more: it may only have waited for a processor.
        if outcome.is_ok() && took > self.slowest {
            took = took.min(attempt().1);
        }
        self.slowest = self.slowest.max(took);
        Ok(match outcome {
            Ok(()) => None,
            Err(_) => Some(PANIC.take().unwrap_or_else(|| "nowhere".to_owned())),
        })
    }

    fn keep(&self, what: &str, reader: &str, input: &[u8]) -> io::Result<Option<PathBuf>> {
        (self.directory.as_deref())
            .map(|directory| keep(directory, what, reader, input))
            .transpose()
    }

    /// Ends the watch; nothing is in hand.
    fn open(self) {
        self.watched.is_over.store(true, Ordering::Relaxed);
        if let Some(directory) = &self.directory {
            let _ = fs::remove_file(directory.join("current"));
        }
    }
}

/// Writes an input into a file named after its bytes.
fn keep(directory: &Path, what: &str, reader: &str, input: &[u8]) -> io::Result<PathBuf> {
    let hash = (input.iter()).fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    let path = directory.join(format!("{what}-{reader}-{hash:016x}"));
    fs::write(&path, input)?;
    Ok(path)
}

/// Keeps the input in hand of a process that died.
fn recover(current: &Path, directory: &Path) -> io::Result<()> {
    let Ok(bytes) = fs::read(current) else {
        return Ok(());
    };
    let Some((length, rest)) = bytes.split_first_chunk::<4>() else {
        return Ok(());
    };
    let length = u32::from_ne_bytes(*length) as usize;
    if let Some(input) = rest.get(..length) {
        keep(directory, "died", "unknown", input)?;
    }
    Ok(())
}

fn watch(watched: &Watched, target: &str, directory: Option<&Path>) {
    let mut last = (0, Instant::now());
    while !watched.is_over.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(200));
        let now = watched.executions.load(Ordering::Relaxed);
        if now != last.0 || now == 0 {
            last = (now, Instant::now());
        } else if last.1.elapsed() > PATIENCE && !watched.is_over.load(Ordering::Relaxed) {
            let input = watched.input.lock().unwrap_or_else(PoisonError::into_inner);
            eprintln!("{target}: hangs on \"{}\"", input.escape_ascii());
            if let Some(directory) = directory
                && let Ok(path) = keep(directory, "hang", "unknown", &input)
            {
                eprintln!("  {}", path.display());
            }
            std::process::exit(3);
        }
    }
}

/// Panics of a hunt are noted where they happen; all others are told as ever.
fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !IS_HUNTING.get() {
                return before(info);
            }
            let place = info.location().map(ToString::to_string);
            let payload = info.payload();
            let words = payload
                .downcast_ref::<&str>()
                .copied()
                .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
                .unwrap_or_default();
            PANIC.set(Some(format!("{} {words}", place.unwrap_or_default())));
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_breaks_on_one_byte_is_found_and_its_input_made_small() {
        static READERS: &[Reader] = &[Reader {
            name: "brittle",
            seeds: || vec![b"some text, some numbers 123".to_vec()],
            words: &[b"!"],
            read: |input, _| assert!(!input.contains(&b'!'), "an exclamation"),
        }];
        static TARGET: Target = Target {
            name: "brittle",
            about: "",
            readers: READERS,
        };
        let report = hunt(&TARGET, None, Duration::from_millis(300), 5, None).unwrap();
        let [finding] = &report.findings[..] else {
            panic!("{report:?}");
        };
        assert_eq!(finding.input, b"!");
        assert!(finding.panic.contains("an exclamation"));
    }
}
