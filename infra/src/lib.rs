//! How: one folder per outside thing; each implements a port of the domain.
