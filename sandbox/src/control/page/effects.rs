//! What a fault does, in a French sentence.

use crate::faults::Effect;
use crate::html::escape;

/// `répond 503`, `coupe la connexion`…
pub fn sentence(effect: &Effect) -> String {
    match effect {
        Effect::Status(failure) => format!("répond {}", failure.status),
        Effect::Latency { ms, jitter_ms: 0 } => format!("répond {} plus tard", lasting(*ms)),
        Effect::Latency { ms, jitter_ms } => format!("répond {} à {} plus tard", lasting(*ms), lasting(ms + jitter_ms)),
        Effect::Hang { ms } => format!("se tait {}, puis coupe", lasting(*ms)),
        Effect::Reset { after_bytes: None } => "coupe la connexion".to_owned(),
        Effect::Reset { after_bytes: Some(bytes) } => format!("coupe après {bytes} octets de la réponse"),
        Effect::CommitThenFail { status: Some(status), reset: false, .. } => {
            format!("fait le travail, puis répond {status}")
        }
        Effect::CommitThenFail { .. } => "fait le travail, puis coupe".to_owned(),
        Effect::Scenario { name } => format!("joue le scénario <code>{}</code>", escape(name)),
    }
}

/// Milliseconds as seconds, with a comma.
fn lasting(ms: u64) -> String {
    let (whole, tenths) = (ms / 1_000, ms % 1_000 / 100);
    match (whole, tenths) {
        (0, _) => format!("{ms}\u{a0}ms"),
        (whole, 0) => format!("{whole}\u{a0}s"),
        (whole, tenths) => format!("{whole},{tenths}\u{a0}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_are_told_in_french() {
        assert_eq!(
            sentence(&Effect::Latency { ms: 400, jitter_ms: 1_200 }),
            "répond 400\u{a0}ms à 1,6\u{a0}s plus tard"
        );
        assert_eq!(sentence(&Effect::Hang { ms: 5_000 }), "se tait 5\u{a0}s, puis coupe");
    }
}
