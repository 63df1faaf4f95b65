//! The queries, as text: each is the common list of territories followed by its own figures. Their digests are in the facts.

macro_rules! scoped {
    ($file:literal) => {
        concat!(include_str!("sql/membres.sql"), include_str!($file))
    };
}

pub const VERSION: &str = "SELECT coalesce(max(id), 0)::bigint FROM data.reference_version";
/// Whether views are being made anew after a promotion. An import that died there is waited for a quarter of an hour.
pub const BEHIND: &str = "SELECT EXISTS (SELECT FROM data.reference_version WHERE retard IS NOT NULL AND cree_le > now() - interval '15 minutes')";
pub const TERRITOIRE: &str = include_str!("sql/territoire.sql");
pub const COUVERTURE: &str = scoped!("sql/couverture.sql");
pub const COMPARABLES: &str = include_str!("sql/comparables.sql");
pub const SOURCES: &str = include_str!("sql/sources.sql");
pub const LOGEMENTS: &str = scoped!("sql/logements.sql");
pub const VACANCE: &str = scoped!("sql/vacance.sql");
pub const SOCIAL: &str = scoped!("sql/social.sql");
pub const ZONAGE: &str = include_str!("sql/zonage.sql");
pub const LOYERS: &str = scoped!("sql/loyers.sql");
pub const VENTES: &str = scoped!("sql/ventes.sql");
