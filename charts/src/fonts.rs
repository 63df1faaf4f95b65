//! IBM Plex Sans, carried by the binary: a report looks the same wherever it is printed.

pub const REGULAR: &[u8] = include_bytes!("../../templates/report/fonts/IBMPlexSans-Regular.ttf");
pub const SEMIBOLD: &[u8] = include_bytes!("../../templates/report/fonts/IBMPlexSans-SemiBold.ttf");
const LIGHT: &[u8] = include_bytes!("../../templates/report/fonts/IBMPlexSans-Light.ttf");

/// File name and contents of each face, and the licence that must travel with them.
pub const FONTS: &[(&str, &[u8])] = &[
    ("IBMPlexSans-Light.ttf", LIGHT),
    ("IBMPlexSans-Regular.ttf", REGULAR),
    ("IBMPlexSans-SemiBold.ttf", SEMIBOLD),
    ("OFL.txt", include_bytes!("../../templates/report/fonts/OFL.txt")),
];
