//! Columns that name people: what goes to PostgreSQL tells rows of one person from another's, and nothing else. The key
//! lives as long as the import; nobody can compute a pseudonym again, not even from the same file.

use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::{TryRng as _, rngs::SysRng};
use sha2::Sha256;

use crate::dataset::Layout;
use crate::engine::error::ImportError;

/// Bytes of the code that are kept: enough for no two people in a country to share one.
const KEPT: usize = 16;

/// Which staging columns are secret, and the key of this import.
pub struct Secrets {
    columns: Vec<bool>,
    code: Hmac<Sha256>,
}

impl Secrets {
    /// The secret columns among those of the staging table.
    pub fn of<'a>(layout: &Layout, columns: impl Iterator<Item = &'a str>) -> Result<Self, ImportError> {
        let secret = |name: &str| layout.columns.iter().any(|column| column.secret && column.name == name);
        let mut key = [0; 32];
        SysRng.try_fill_bytes(&mut key).map_err(|error| ImportError::Interrupted(error.to_string()))?;
        let code = Hmac::new_from_slice(&key).map_err(|error| ImportError::Interrupted(error.to_string()))?;
        Ok(Self { columns: columns.map(secret).collect(), code })
    }

    /// Whether the cell of this staging column must not leave as it is.
    pub fn hide(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(|secret| *secret)
    }

    /// The pseudonym of a cell.
    pub fn pseudonym(&self, cell: &str) -> String {
        let mut code = self.code.clone();
        code.update(cell.as_bytes());
        hex::encode(&code.finalize().into_bytes()[..KEPT])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Column;

    const LAYOUT: Layout =
        Layout { columns: &[Column::needed("ville", &[]), Column::pseudonym("identifiant", &[])], ..Layout::EMPTY };

    #[test]
    fn one_person_has_one_pseudonym_per_import() {
        let secrets = Secrets::of(&LAYOUT, ["ville", "identifiant"].into_iter()).unwrap();
        assert!(!secrets.hide(0) && secrets.hide(1));
        let name = secrets.pseudonym("810000000001");
        assert_eq!(name.len(), 32);
        assert_eq!(name, secrets.pseudonym("810000000001"));
        assert_ne!(name, secrets.pseudonym("810000000002"));
        let other = Secrets::of(&LAYOUT, ["ville", "identifiant"].into_iter()).unwrap();
        assert_ne!(name, other.pseudonym("810000000001"), "the key is drawn anew");
    }
}
