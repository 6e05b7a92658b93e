//! Buffered output with the originals' laws: blocks of 64 KiB, errors kept rather than raised,
//! death by SIGPIPE left to the kernel.

use std::io::{self, Write};

const BLOCK: usize = 64 * 1024;
/// Room for what goes beyond a block before it is written: so the buffer need not grow step by
/// step. Memory that is not written to costs nothing.
const ROOM: usize = BLOCK + 8 * 1024;

/// A buffered byte sink. Writing never fails to the caller: the first error is kept and all
/// output after it is dropped.
pub struct Sink<'s> {
    buffer: Vec<u8>,
    target: Box<dyn Write + 's>,
    error: Option<io::Error>,
}

impl<'s> Sink<'s> {
    /// A sink over `target`, which should not buffer itself.
    #[must_use]
    pub fn new(target: Box<dyn Write + 's>) -> Self {
        Self {
            buffer: Vec::new(),
            target,
            error: None,
        }
    }

    /// Appends bytes; writes a block out when one is full.
    #[inline]
    pub fn put(&mut self, bytes: &[u8]) {
        self.buffer().extend_from_slice(bytes);
        if self.buffer.len() >= BLOCK {
            self.flush_all();
        }
    }

    /// The buffer itself, for callers that format in place; call [`Self::settle`] afterwards.
    #[inline]
    pub fn buffer(&mut self) -> &mut Vec<u8> {
        if self.buffer.capacity() == 0 {
            self.buffer.reserve_exact(ROOM);
        }
        &mut self.buffer
    }

    /// Writes the block out if it is full.
    #[inline]
    pub fn settle(&mut self) {
        if self.buffer.len() >= BLOCK {
            self.flush_all();
        }
    }

    /// Writes out everything held.
    pub fn flush_all(&mut self) {
        if self.error.is_none() && !self.buffer.is_empty() {
            self.error = self.target.write_all(&self.buffer).err();
        }
        self.buffer.clear();
    }

    /// The first write error, if there was one.
    #[must_use]
    pub fn error(&self) -> Option<&io::Error> {
        self.error.as_ref()
    }
}

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.put(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.flush_all();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    /// Takes a number of bytes, then fails as a full disk does; keeps the size of each write.
    struct Disk<'t> {
        room: usize,
        writes: &'t RefCell<Vec<usize>>,
    }

    impl Write for Disk<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.room == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            let taken = bytes.len().min(self.room);
            self.room -= taken;
            self.writes.borrow_mut().push(taken);
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn bytes_are_held_until_a_block_is_full() {
        let writes = RefCell::new(Vec::new());
        let mut sink = Sink::new(Box::new(Disk {
            room: usize::MAX,
            writes: &writes,
        }));
        sink.put(&[b'x'; BLOCK - 1]);
        assert_eq!(*writes.borrow(), []);
        sink.put(b"xy");
        assert_eq!(*writes.borrow(), [BLOCK + 1]);
        sink.buffer().extend_from_slice(&[b'x'; BLOCK]);
        sink.settle();
        assert_eq!(*writes.borrow(), [BLOCK + 1, BLOCK]);
        sink.put(b"rest");
        sink.flush_all();
        sink.flush_all();
        assert_eq!(*writes.borrow(), [BLOCK + 1, BLOCK, 4]);
        assert!(sink.error().is_none());
    }

    #[test]
    fn the_first_error_is_kept_and_all_output_after_it_is_dropped() {
        let writes = RefCell::new(Vec::new());
        let mut sink = Sink::new(Box::new(Disk {
            room: 3,
            writes: &writes,
        }));
        for _ in 0..2 {
            sink.put(b"four");
            sink.flush_all();
        }
        assert_eq!(*writes.borrow(), [3]);
        assert_eq!(
            sink.error().map(io::Error::kind),
            Some(io::ErrorKind::StorageFull)
        );
    }
}
