//! Open data: one folder per source, one engine that imports, one generator of specimens.
