//! The figures, and the table made of them.

use std::fmt;

use crate::workspace::root;

/// One line of the meter: medians of one command.
#[derive(Clone, Copy)]
pub(super) struct Figures {
    pub(super) lines: u64,
    /// Microseconds.
    pub(super) wall: f64,
    /// User and system time, microseconds.
    pub(super) processor: f64,
    /// Peak, KiB.
    pub(super) memory: f64,
}

impl Figures {
    /// `lines status wall processor memory`, tab-separated.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let mut columns = line.split('\t');
        let lines = columns.next()?.parse().ok()?;
        let _status: i32 = columns.next()?.parse().ok()?;
        let mut number = || columns.next()?.parse::<f64>().ok();
        Some(Self {
            lines,
            wall: number()?,
            processor: number()?,
            memory: number()?,
        })
    }
}

/// One command line on one load.
pub(super) struct Row {
    pub(super) load: &'static str,
    pub(super) tool: &'static str,
    pub(super) words: &'static str,
    pub(super) theirs: Figures,
    /// Ours without the kernel's own walks.
    pub(super) plain: Figures,
    /// Ours as it comes, where the kernel's own walks may be used.
    pub(super) fast: Option<Figures>,
    pub(super) floor: Figures,
}

pub(super) const HEAD: &str = "\
| load | command | lines | cpu ms theirs | plain | fast | ratio plain | fast | wall plain | fast | \
MiB theirs | plain | fast | plain / floor |
|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|";

impl fmt::Display for Row {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            load,
            tool,
            words,
            theirs,
            plain,
            fast,
            floor,
        } = self;
        let same = [Some(*plain), *fast]
            .iter()
            .flatten()
            .all(|ours| ours.lines == theirs.lines);
        let lines = if same {
            theirs.lines.to_string()
        } else {
            let fast = fast.map_or(0, |fast| fast.lines);
            format!("**{} / {} / {fast}**", theirs.lines, plain.lines)
        };
        let of_fast = |digits: usize, pick: &dyn Fn(Figures) -> f64| {
            fast.map_or("-".into(), |fast| format!("{:.digits$}", pick(fast)))
        };
        let words = words.replace('|', "\\|");
        write!(out, "| {load} | `{tool} {words}` | {lines} | ")?;
        write!(
            out,
            "{:.1} | {:.1} | {} | ",
            theirs.processor / 1000.0,
            plain.processor / 1000.0,
            of_fast(1, &|fast| fast.processor / 1000.0),
        )?;
        write!(
            out,
            "{:.3} | {} | ",
            plain.processor / theirs.processor,
            of_fast(3, &|fast| fast.processor / theirs.processor),
        )?;
        write!(
            out,
            "{:.3} | {} | ",
            plain.wall / theirs.wall,
            of_fast(3, &|fast| fast.wall / theirs.wall),
        )?;
        write!(
            out,
            "{:.2} | {:.2} | {} | {:.2} |",
            theirs.memory / 1024.0,
            plain.memory / 1024.0,
            of_fast(2, &|fast| fast.memory / 1024.0),
            plain.processor / floor.processor,
        )
    }
}

/// Writes the page of figures.
pub(super) fn write(rows: &[Row], suite: &str, rounds: usize) -> Result<(), String> {
    let mut text = format!(
        "# Performance

Ours against the originals of Debian {suite} on one machine with {cores} cores, {rounds} rounds in which original, ours and
the floor take turns; medians. Only the ratios carry over to other machines. To repeat:

```
cargo xtask bench --suite {suite} --rounds {rounds} --write
```

*plain* is without the kernel's own walks (`SOCKCORE_BPF=0`), *fast* as it comes, as root in the
initial process namespace, where they are used above the size at which they pay. *wall* is the ratio
of the times that passed; the walk over descriptors uses several cores. *plain / floor* is processor
time against a program that asks the kernel for the same rows the straightforward way and formats
nothing (`tests/src/bin/floor.rs`); below 1 is less work than that. Where the machine did other work
meanwhile, *wall* says little. Lines in bold differ: `lsof -nP` lists the lister and whatever the machine
does as well.

{HEAD}
",
        cores = std::thread::available_parallelism().map_or(1, usize::from),
    );
    for row in rows {
        text.push_str(&format!("{row}\n"));
    }
    let page = root().join("docs/performance.md");
    std::fs::write(&page, text).map_err(|error| format!("{}: {error}", page.display()))
}
