//! Decides what `sockbox man` and `sockbox completions` write: the options of each tool from its
//! own table, the prose of a page from a file beside this source.

use std::ffi::{OsStr, OsString};

use applet::doc::{DocOption, Document, Sign};
use applet::{Exit, Streams, Takes};
use clap::{Arg, Command};
use clap_complete::Shell;

use crate::own;

/// A tool that can be explained.
struct Page {
    /// The names that ask for it, the one it is shipped under first.
    names: &'static [&'static str],
    document: fn() -> Document,
    /// The manual page in roff, with a line [`OPTIONS_HERE`] and the word [`VERSION_HERE`].
    manual: &'static str,
}

const OPTIONS_HERE: &str = "@OPTIONS@\n";
const VERSION_HERE: &str = "@VERSION@";

static PAGES: &[Page] = &[
    #[cfg(feature = "netstat")]
    Page {
        names: &["rnetstat", "netstat"],
        document: rnetstat::document,
        manual: include_str!("../man/rnetstat.8.in"),
    },
    #[cfg(feature = "ss")]
    Page {
        names: &["rss", "ss"],
        document: rss::document,
        manual: include_str!("../man/rss.8.in"),
    },
    #[cfg(feature = "lsof")]
    Page {
        names: &["rlsof", "lsof"],
        document: rlsof::document,
        manual: include_str!("../man/rlsof.8.in"),
    },
    Page {
        names: &["sockbox"],
        document: own::document,
        manual: include_str!("../man/sockbox.1.in"),
    },
];

/// `man TOOL`.
pub(crate) fn man(words: &[OsString], streams: &mut Streams<'_>) -> Exit {
    let [name] = words else {
        return wrong(b"man takes the name of one tool", streams);
    };
    let Some(page) = page(name) else {
        return wrong(b"man: no tool of that name", streams);
    };
    streams.out.put(manual(page).as_bytes());
    Exit::SUCCESS
}

/// `completions SHELL [NAME]`: for one name, or for all that the tools are shipped under.
pub(crate) fn completions(words: &[OsString], streams: &mut Streams<'_>) -> Exit {
    let (shell, name) = match words {
        [shell] => (shell, None),
        [shell, name] => (shell, Some(name)),
        _ => return wrong(b"completions takes the name of a shell", streams),
    };
    let Some(shell) = shell.to_str().and_then(|shell| shell.parse::<Shell>().ok()) else {
        let shells = b"completions: no such shell: bash, elvish, fish, powershell, zsh are known";
        return wrong(shells, streams);
    };
    let wanted: Vec<(&Page, &str)> = match name {
        None => PAGES.iter().map(|page| (page, shipped(page))).collect(),
        Some(name) => match (page(name), name.to_str()) {
            (Some(page), Some(name)) => vec![(page, name)],
            _ => return wrong(b"completions: no tool of that name", streams),
        },
    };
    for (page, name) in wanted {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut command(page), name, &mut script);
        streams.out.put(&script);
    }
    Exit::SUCCESS
}

fn wrong(complaint: &[u8], streams: &mut Streams<'_>) -> Exit {
    streams.complain(&[b"sockbox: ", complaint, b"\n"].concat());
    own::USAGE_ERROR
}

fn page(name: &OsStr) -> Option<&'static Page> {
    PAGES
        .iter()
        .find(|page| page.names.iter().any(|known| name == *known))
}

fn shipped(page: &Page) -> &'static str {
    page.names.first().copied().unwrap_or_default()
}

fn command(page: &Page) -> Command {
    let command = (page.document)().command();
    if shipped(page) != "sockbox" {
        return command;
    }
    // After the name of a tool, that tool's own options are what can be completed.
    let tools = PAGES
        .iter()
        .filter(|page| shipped(page) != "sockbox")
        .flat_map(|page| {
            let model = (page.document)().command();
            page.names
                .iter()
                .rev()
                .map(move |name| model.clone().name(*name))
        });
    command.disable_help_subcommand(true).subcommands(tools)
}

fn manual(page: &Page) -> String {
    let document = (page.document)();
    let mut options = String::new();
    for (option, argument) in document.arguments() {
        // What the model shows is shown from it, so that page and completions cannot differ.
        let mut typed: Vec<String> = argument.iter().map(signs).collect();
        if option.sign != Sign::Dash {
            typed.extend(plus_signs(option));
        }
        if !typed.is_empty() {
            let typed = typed.join(", ");
            options.push_str(&format!(".TP\n{typed}\n{}\n", roff(option.brief)));
        }
    }
    let text = page.manual.replace(VERSION_HERE, env!("CARGO_PKG_VERSION"));
    text.replacen(OPTIONS_HERE, &options, 1)
}

/// All names of an option, with its value after the last.
fn signs(argument: &Arg) -> String {
    let shorts = argument.get_short_and_visible_aliases().unwrap_or_default();
    let longs = argument.get_long_and_visible_aliases().unwrap_or_default();
    let has_long = !longs.is_empty();
    let shorts = shorts.into_iter().map(|letter| roff(&format!("-{letter}")));
    let longs = longs.into_iter().map(|name| roff(&format!("--{name}")));
    let names: Vec<String> = shorts
        .chain(longs)
        .map(|name| format!("\\fB{name}\\fR"))
        .collect();
    let takes_value = argument.get_action().takes_values();
    let value = argument
        .get_value_names()
        .and_then(<[_]>::first)
        .filter(|_| takes_value);
    let value = value.map_or_else(String::new, |value| {
        let optional = argument
            .get_num_args()
            .is_some_and(|range| range.min_values() == 0);
        match (optional, has_long) {
            (false, true) => format!("=\\fI{value}\\fR"),
            (false, false) => format!(" \\fI{value}\\fR"),
            (true, true) => format!("[=\\fI{value}\\fR]"),
            (true, false) => format!(" [\\fI{value}\\fR]"),
        }
    });
    names.join(", ") + &value
}

/// The forms with a plus sign, which the clap model lacks.
fn plus_signs(option: &DocOption) -> impl Iterator<Item = String> {
    let value = match option.takes {
        Takes::Nothing => String::new(),
        Takes::Required(value) => format!(" \\fI{value}\\fR"),
        Takes::Optional(value) => format!(" [\\fI{value}\\fR]"),
    };
    let letters = option.shorts.iter().map(|&letter| char::from(letter));
    letters.map(move |letter| format!("\\fB+{letter}\\fR{value}"))
}

/// Text that roff prints as it is.
fn roff(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    if text.starts_with(['.', '\'']) {
        format!("\\&{text}")
    } else {
        text
    }
}
