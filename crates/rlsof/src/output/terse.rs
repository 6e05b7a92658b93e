//! `-t`: process ids only.

use applet::Streams;

use crate::kinds::decimal;
use crate::row::Process;

/// Prints each process that has rows, once; tasks add nothing.
pub(super) fn print(processes: &[Process], streams: &mut Streams<'_>) {
    let mut last = None;
    for process in processes.iter().filter(|process| !process.rows.is_empty()) {
        if last != Some(process.pid) {
            last = Some(process.pid);
            let out = streams.out.buffer();
            decimal(process.pid.0.into(), out);
            out.push(b'\n');
            streams.out.settle();
        }
    }
}
