//! Policies: events in, jobs out; each job acts once and ends with a command.
