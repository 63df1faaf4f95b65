//! Printing for readers who may leave: `lobster … | head` ends the reading, never the work, and nothing panics.

use std::{
    fmt,
    io::{self, Write as _},
    sync::atomic::{AtomicBool, Ordering},
};

static LEFT: AtomicBool = AtomicBool::new(false);

/// Whether standard output is closed: what prints without end may stop.
pub fn reader_left() -> bool {
    LEFT.load(Ordering::Relaxed)
}

/// One line on standard output; for [`println!`].
pub fn line(text: fmt::Arguments<'_>) {
    if writeln!(io::stdout().lock(), "{text}").is_err() {
        LEFT.store(true, Ordering::Relaxed);
    }
}

/// One line on standard error; for [`eprintln!`].
pub fn remark(text: fmt::Arguments<'_>) {
    // There is nobody left to tell that there is nobody left.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

// The standard macros panic when the other end of the pipe is closed. These take their place in every module declared
// after this one.
macro_rules! println {
    ($($text:tt)*) => { $crate::out::line(format_args!($($text)*)) };
}
macro_rules! eprintln {
    ($($text:tt)*) => { $crate::out::remark(format_args!($($text)*)) };
}
