//! Time as a value, so that a recording prints the same twice.

use std::time::{Duration, SystemTime};

/// The clock of a [`System`](crate::System).
pub trait Clock {
    /// The time of day.
    fn now(&self) -> SystemTime;
    /// Waits; a fixed clock returns at once.
    fn sleep(&self, duration: Duration);
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) {
        std::thread::sleep(duration);
    }
}

/// A clock that stands still.
#[derive(Clone, Copy, Debug)]
pub struct FixedClock(pub SystemTime);

impl Clock for FixedClock {
    fn now(&self) -> SystemTime {
        self.0
    }

    fn sleep(&self, _duration: Duration) {}
}
