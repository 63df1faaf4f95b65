//! A point in a history, as a query parameter.

use domain::history::Point;

use crate::problem::Problem;

/// The point that a parameter names; `otherwise` where it is not given.
pub(super) fn read(field: &'static str, given: Option<&str>, otherwise: Option<Point>) -> Result<Point, Problem> {
    let refused = |code, message: &str| Problem::invalid_field(field, code, message);
    match (given, otherwise) {
        (Some(text), _) => text.parse().map_err(|_| {
            refused(
                "point",
                "Écrivez le numéro d’un événement de la commande (5), une position du journal (@1200), un instant \
                 (2026-11-22T10:15:00Z) ou now.",
            )
        }),
        (None, Some(point)) => Ok(point),
        (None, None) => Err(refused("required", "Dites à partir de quel point comparer.")),
    }
}
