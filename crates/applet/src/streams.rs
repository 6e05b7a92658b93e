//! The terminal side of the outside world as one value.

use std::io::Write;

use crate::Sink;

/// What is known of the screen behind standard output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Screen {
    /// Standard output is a terminal.
    pub terminal: bool,
    /// Its width in columns, when the terminal tells one greater than zero.
    pub columns: Option<u16>,
}

/// Standard output, standard error, and the screen.
pub struct Streams<'s> {
    /// Standard output, buffered in blocks.
    pub out: Sink<'s>,
    /// Standard error, unbuffered.
    pub err: Sink<'s>,
    /// The screen behind standard output.
    pub screen: Screen,
}

impl<'s> Streams<'s> {
    /// The streams of this process.
    #[must_use]
    pub fn process() -> Streams<'static> {
        // The raw descriptors, not `std::io::stdout`: that one has a line buffer of its own.
        let screen = match rustix::termios::tcgetwinsize(rustix::stdio::stdout()) {
            Ok(size) => Screen {
                terminal: true,
                columns: Some(size.ws_col).filter(|&columns| columns > 0),
            },
            Err(_) => Screen {
                terminal: rustix::termios::isatty(rustix::stdio::stdout()),
                columns: None,
            },
        };
        Streams {
            out: Sink::new(Box::new(Descriptor(Standard::Output))),
            err: Sink::new(Box::new(Descriptor(Standard::Error))),
            screen,
        }
    }

    /// Streams into memory or files, for tests.
    #[must_use]
    pub fn captured(out: Box<dyn Write + 's>, err: Box<dyn Write + 's>, screen: Screen) -> Self {
        Self {
            out: Sink::new(out),
            err: Sink::new(err),
            screen,
        }
    }

    /// Writes one message to standard error at once, as unbuffered as the originals' is.
    pub fn complain(&mut self, message: &[u8]) {
        self.err.put(message);
        self.err.flush_all();
    }
}

#[derive(Clone, Copy)]
enum Standard {
    Output,
    Error,
}

struct Descriptor(Standard);

impl Write for Descriptor {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = match self.0 {
            Standard::Output => rustix::io::write(rustix::stdio::stdout(), bytes),
            Standard::Error => rustix::io::write(rustix::stdio::stderr(), bytes),
        };
        Ok(written?)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
