//! Decides what sockbox does in its own name: lists, installs or explains itself.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use applet::{Applet, Exit, Flag, Getopt, Invocation, Item, Streams, Takes};

use crate::APPLETS;
use crate::install::{self, Kind};

/// sockbox itself, run when no tool is named.
pub(crate) static APPLET: Applet = Applet {
    names: &["sockbox"],
    main,
};

/// The command line is wrong.
pub(crate) const USAGE_ERROR: Exit = Exit(2);
/// No tool of that name: the status by which a shell says the same.
const NOT_FOUND: Exit = Exit(127);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Order {
    #[default]
    Explain,
    List,
    Version,
    Install,
}

#[derive(Debug, Default)]
struct Options {
    order: Order,
    symbolic: bool,
}

/// sockbox's own options.
static FLAGS: &[Flag<Options, std::convert::Infallible>] = &[
    Flag {
        shorts: b"",
        longs: &["list"],
        group: 0,
        takes: Takes::Nothing,
        brief: "list the tools in this box",
        apply: |options, _| {
            options.order = Order::List;
            Ok(())
        },
    },
    Flag {
        shorts: b"",
        longs: &["install"],
        group: 0,
        takes: Takes::Nothing,
        brief: "make a link to this box in DIR for each tool, by the name of its original",
        apply: |options, _| {
            options.order = Order::Install;
            Ok(())
        },
    },
    Flag {
        shorts: b"s",
        longs: &["symbolic"],
        group: 0,
        takes: Takes::Nothing,
        brief: "with --install: symbolic links instead of hard ones",
        apply: |options, _| {
            options.symbolic = true;
            Ok(())
        },
    },
    Flag {
        shorts: b"h",
        longs: &["help"],
        group: 0,
        takes: Takes::Nothing,
        brief: "explain this box and leave",
        apply: |options, _| {
            options.order = Order::Explain;
            Ok(())
        },
    },
    Flag {
        shorts: b"V",
        longs: &["version"],
        group: 0,
        takes: Takes::Nothing,
        brief: "tell the version and leave",
        apply: |options, _| {
            options.order = Order::Version;
            Ok(())
        },
    },
];

/// sockbox's own options as a document.
#[cfg(feature = "doc")]
pub(crate) fn document() -> applet::doc::Document {
    applet::doc::Document::new("sockbox", "netstat, ss and lsof in one binary")
        .operands("DIR", "with --install: where the links are made")
        .flags(FLAGS)
}

fn main(invocation: &Invocation, streams: &mut Streams<'_>) -> Exit {
    if let Some((word, rest)) = invocation.args.split_first()
        && !word.as_encoded_bytes().starts_with(b"-")
    {
        return other_word(word, rest, streams);
    }
    let mut options = Options::default();
    let mut operands = Vec::new();
    for item in Getopt::new(FLAGS, &invocation.args, false) {
        match item {
            Item::Flag { flag, value } => {
                let Ok(()) = (flag.apply)(&mut options, value);
            }
            Item::Operand(word) => operands.push(word),
            Item::Error(error) => {
                streams.complain(&error.message(OsStr::new("sockbox")));
                return USAGE_ERROR;
            }
        }
    }
    match (options.order, operands.as_slice()) {
        (Order::Install, [directory]) => {
            let kind = if options.symbolic {
                Kind::Symbolic
            } else {
                Kind::Hard
            };
            install::install(APPLETS, Path::new(directory), kind, streams)
        }
        (Order::Install, _) => {
            streams.complain(b"sockbox: --install takes one directory\n");
            USAGE_ERROR
        }
        (order, []) => {
            streams.out.put(told(order).as_bytes());
            Exit::SUCCESS
        }
        (_, [word, ..]) => {
            streams.complain(&about(word, b"not understood here"));
            USAGE_ERROR
        }
    }
}

/// A first word that is no option and names no tool.
#[cfg(feature = "doc")]
fn other_word(word: &OsStr, rest: &[OsString], streams: &mut Streams<'_>) -> Exit {
    match word.as_encoded_bytes() {
        b"man" => crate::documents::man(rest, streams),
        b"completions" => crate::documents::completions(rest, streams),
        _ => not_found(word, streams),
    }
}

/// A first word that is no option and names no tool.
#[cfg(not(feature = "doc"))]
fn other_word(word: &OsStr, _rest: &[OsString], streams: &mut Streams<'_>) -> Exit {
    not_found(word, streams)
}

fn not_found(word: &OsStr, streams: &mut Streams<'_>) -> Exit {
    streams.complain(&about(word, b"applet not found"));
    NOT_FOUND
}

fn about(word: &OsStr, complaint: &[u8]) -> Vec<u8> {
    [
        b"sockbox: ",
        word.as_encoded_bytes(),
        b": ",
        complaint,
        b"\n",
    ]
    .concat()
}

fn told(order: Order) -> String {
    let names = || APPLETS.iter().flat_map(|applet| applet.names.first());
    match order {
        Order::List => names().map(|name| format!("{name}\n")).collect(),
        Order::Version => format!("sockbox {}\n", env!("CARGO_PKG_VERSION")),
        Order::Explain | Order::Install => format!(
            "{}\nTools in this box:{}\n",
            USAGE,
            names().map(|name| format!(" {name}")).collect::<String>()
        ),
    }
}

const USAGE: &str = "\
Usage: sockbox TOOL [ARGUMENT]...
       sockbox --install [-s] DIR
       sockbox --list | --help | --version

One binary that is several tools. Called by the name of a tool, through a link, it is that
tool; otherwise its first word names the tool.

      --list      list the tools, one a line
      --install   make a link in DIR for each tool (never over something else)
  -s, --symbolic  make symbolic links instead of hard ones
  -h, --help      this text
  -V, --version   the version of the box
";
